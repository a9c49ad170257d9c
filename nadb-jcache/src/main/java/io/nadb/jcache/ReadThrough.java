package io.nadb.jcache;

import java.util.Map;
import java.util.Objects;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/** A cache's loader, if it has one. */
final class ReadThrough<K, V> {
  private final @Nullable CacheLoader<K, V> loader;
  private final boolean onRead;

  ReadThrough(@Nullable CacheLoader<K, V> loader, boolean onRead) {
    this.loader = loader;
    this.onRead = onRead;
  }

  /** Whether a read that finds nothing loads. */
  boolean onRead() {
    return onRead && loader != null;
  }

  boolean isPresent() {
    return loader != null;
  }

  /**
   * Loads a value; null if there is none.
   *
   * @throws CacheLoaderException if the loader fails
   */
  @Nullable V load(K key) {
    try {
      return present().load(key);
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /**
   * Loads values; those that there are not are missing, or null.
   *
   * @throws CacheLoaderException if the loader fails
   */
  Map<K, V> loadAll(Iterable<? extends K> keys) {
    try {
      return present().loadAll(keys);
    } catch (CacheLoaderException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private CacheLoader<K, V> present() {
    return Objects.requireNonNull(loader, "loader");
  }

  private CacheLoaderException failed(RuntimeException cause) {
    return new CacheLoaderException(
        "the loader " + present().getClass().getName() + " failed: " + cause, cause);
  }

  void close() {
    Closing.close(loader);
  }
}
