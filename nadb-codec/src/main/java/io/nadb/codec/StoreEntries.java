package io.nadb.codec;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;

/** The entries of a map; what is removed is removed only with the value that was looked at. */
final class StoreEntries<V> extends AbstractSet<Map.Entry<String, V>> {
  private final StoreMap<V> map;

  StoreEntries(StoreMap<V> map) {
    this.map = map;
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public void clear() {
    map.clear();
  }

  @Override
  public Iterator<Map.Entry<String, V>> iterator() {
    return new StoreIterator<>(map);
  }

  @Override
  @SuppressWarnings("unchecked") // What is of another type is equal to no value.
  public boolean contains(Object object) {
    if (!(object instanceof Map.Entry<?, ?> entry)
        || !(entry.getKey() instanceof String key)
        || entry.getValue() == null) {
      return false;
    }
    V found = map.get(key);
    return found != null && map.view().codec().equal(found, (V) entry.getValue());
  }

  @Override
  public boolean remove(Object object) {
    return object instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && map.remove(entry.getKey(), entry.getValue());
  }

  @Override
  public boolean removeIf(Predicate<? super Map.Entry<String, V>> filter) {
    boolean changed = false;
    for (Map.Entry<String, V> entry : this) {
      changed |= filter.test(entry) && map.remove(entry.getKey(), entry.getValue());
    }
    return changed;
  }
}
