package io.nadb.codec;

import java.util.AbstractMap.SimpleEntry;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes through the entries of the keys of one moment, leaving out those that have gone since. */
final class StoreIterator<V> implements Iterator<Map.Entry<String, V>> {
  private final StoreMap<V> map;
  private final Iterator<String> keys;
  private Map.@Nullable Entry<String, V> next;
  private @Nullable String last;

  StoreIterator(StoreMap<V> map) {
    this.map = map;
    this.keys = map.view().store().keys("").iterator();
  }

  @Override
  public boolean hasNext() {
    while (next == null && keys.hasNext()) {
      String key = keys.next();
      V value = map.get(key);
      if (value != null) {
        next = new WritingEntry<>(map, key, value);
      }
    }
    return next != null;
  }

  @Override
  public Map.Entry<String, V> next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("that was the last entry");
    }
    Map.Entry<String, V> entry = next;
    last = entry.getKey();
    next = null;
    return entry;
  }

  @Override
  public void remove() {
    if (last == null) {
      throw new IllegalStateException("call next() before remove(), and once for each");
    }
    map.view().delete(last);
    last = null;
  }

  /** An entry as it was when it was read; a value that it is given goes to the store too. */
  private static final class WritingEntry<V> extends SimpleEntry<String, V> {
    private static final long serialVersionUID = 1L;

    private final transient StoreMap<V> map;

    WritingEntry(StoreMap<V> map, String key, V value) {
      super(key, value);
      this.map = map;
    }

    @Override
    public V setValue(V value) {
      map.replace(getKey(), value);
      return super.setValue(value);
    }
  }
}
