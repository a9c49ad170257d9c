package io.nadb.codec;

import java.util.AbstractSet;
import java.util.Collection;
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
  public boolean contains(Object object) {
    if (!(object instanceof Map.Entry<?, ?> entry)
        || !(entry.getKey() instanceof String key)
        || entry.getValue() == null) {
      return false;
    }
    V found = map.get(key);
    return found != null && map.isEqual(found, entry.getValue());
  }

  @Override
  public boolean remove(Object object) {
    return object instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && map.remove(entry.getKey(), entry.getValue());
  }

  @Override
  public boolean removeIf(Predicate<? super Map.Entry<String, V>> filter) {
    return map.removeIf((key, value) -> filter.test(Map.entry(key, value)));
  }

  @Override
  public boolean removeAll(Collection<?> others) {
    return removeIf(others::contains);
  }

  @Override
  public boolean retainAll(Collection<?> others) {
    return removeIf(entry -> !others.contains(entry));
  }
}
