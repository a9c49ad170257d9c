package io.nadb.jcache;

import javax.cache.Cache;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** What a listener is told; its values are objects of its own. */
final class EntryEvent<K, V> extends CacheEntryEvent<K, V> {
  private static final long serialVersionUID = 1L;

  private final transient K key;
  private final transient @Nullable V value;
  private final transient @Nullable V before;

  EntryEvent(Cache<K, V> source, EventType type, K key, @Nullable V value, @Nullable V before) {
    super(source, type);
    this.key = key;
    this.value = value;
    this.before = before;
  }

  @Override
  public K getKey() {
    return key;
  }

  /** The new value, or that of the entry that is gone. */
  @Override
  public @Nullable V getValue() {
    return value != null ? value : before;
  }

  @Override
  public @Nullable V getOldValue() {
    return before;
  }

  @Override
  public boolean isOldValueAvailable() {
    return before != null;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type);
  }

  @Override
  public String toString() {
    return "EntryEvent[" + getEventType() + ", key=" + key + "]";
  }
}
