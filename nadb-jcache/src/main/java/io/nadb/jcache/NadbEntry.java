package io.nadb.jcache;

import java.util.Objects;
import javax.cache.Cache;

/**
 * A key and its value, as an iterator of a cache shows them and a {@code CacheWriter} gets them.
 *
 * <p>Equal to another one if key and value are. As immutable as they are.
 *
 * @since 0.1.0
 */
public final class NadbEntry<K, V> implements Cache.Entry<K, V> {
  private final K key;
  private final V value;

  NadbEntry(K key, V value) {
    this.key = key;
    this.value = value;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NadbEntry<?, ?> that
        && key.equals(that.key)
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, value);
  }

  /** The key; not the value, since it may be a secret. */
  @Override
  public String toString() {
    return "NadbEntry[" + key + "]";
  }
}
