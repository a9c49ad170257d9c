package io.nadb.jcache;

import java.util.Collection;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/** A cache's writer, if it has one; without one, nothing is done. */
final class WriteThrough<K, V> {
  private final @Nullable CacheWriter<K, V> writer;

  WriteThrough(@Nullable CacheWriter<K, V> writer) {
    this.writer = writer;
  }

  boolean isPresent() {
    return writer != null;
  }

  /**
   * Writes an entry.
   *
   * @throws CacheWriterException if the writer fails, as all methods do
   */
  void write(K key, V value) {
    call(to -> to.write(new NadbEntry<>(key, value)));
  }

  /** Deletes an entry. */
  void delete(K key) {
    call(to -> to.delete(key));
  }

  /** Writes entries; after a failure, those are left that were not written. */
  void writeAll(Collection<Cache.Entry<? extends K, ? extends V>> entries) {
    call(to -> to.writeAll(entries));
  }

  /** Deletes entries; after a failure, the keys of those are left that were not deleted. */
  void deleteAll(Collection<?> keys) {
    call(to -> to.deleteAll(keys));
  }

  private void call(Consumer<CacheWriter<K, V>> call) {
    if (writer == null) {
      return;
    }
    try {
      call.accept(writer);
    } catch (CacheWriterException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CacheWriterException(
          "the writer " + writer.getClass().getName() + " failed: " + e, e);
    }
  }

  void close() {
    Closing.close(writer);
  }
}
