package io.nadb.codec;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.Predicate;

/** The values of a map; what is removed is removed only with the value that was looked at. */
final class StoreValues<V> extends AbstractCollection<V> {
  private final StoreMap<V> map;

  StoreValues(StoreMap<V> map) {
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
  public boolean contains(Object value) {
    return map.containsValue(value);
  }

  @Override
  public boolean removeIf(Predicate<? super V> filter) {
    return map.removeIf((key, value) -> filter.test(value));
  }

  @Override
  public boolean removeAll(Collection<?> others) {
    return removeIf(others::contains);
  }

  @Override
  public boolean retainAll(Collection<?> others) {
    return removeIf(value -> !others.contains(value));
  }

  /** Removes the first value that is equal. */
  @Override
  public boolean remove(Object value) {
    return value != null && map.keySet().stream().anyMatch(key -> map.remove(key, value));
  }

  @Override
  public Iterator<V> iterator() {
    StoreIterator<V> entries = new StoreIterator<>(map);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public V next() {
        return entries.next().getValue();
      }

      @Override
      public void remove() {
        entries.remove();
      }
    };
  }
}
