package io.nadb.codec;

import java.util.AbstractSet;
import java.util.Iterator;

/** The keys of a map; their values are not read. */
final class StoreKeys extends AbstractSet<String> {
  private final StoreMap<?> map;

  StoreKeys(StoreMap<?> map) {
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
  public boolean contains(Object key) {
    return map.containsKey(key);
  }

  @Override
  public boolean remove(Object key) {
    return key instanceof String text && map.view().delete(text);
  }

  @Override
  public Iterator<String> iterator() {
    Iterator<String> keys = map.view().store().keys("").iterator();
    return new Iterator<>() {
      private String last = "";

      @Override
      public boolean hasNext() {
        return keys.hasNext();
      }

      @Override
      public String next() {
        last = keys.next();
        return last;
      }

      @Override
      public void remove() {
        if (last.isEmpty()) {
          throw new IllegalStateException("call next() before remove(), and once for each");
        }
        map.view().delete(last);
        last = "";
      }
    };
  }
}
