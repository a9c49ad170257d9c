package io.nadb.jcache;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the keys that a cache had when it was made, in the order of the store, and shows
 * those entries that are still there.
 *
 * <p>Used by one thread.
 */
final class EntryIterator<K, V> implements Iterator<Cache.Entry<K, V>> {
  private final Region<K, V> region;
  private final CacheStatistics statistics;
  private final Consumer<K> remover;
  private final Iterator<String> names;
  private @Nullable String nextName;
  private byte @Nullable [] nextBytes;
  private @Nullable V nextValue;
  private @Nullable K last;

  /** Creates an iterator that removes an entry by handing its key to {@code remover}. */
  EntryIterator(Region<K, V> region, CacheStatistics statistics, Consumer<K> remover) {
    this.region = region;
    this.statistics = statistics;
    this.remover = remover;
    this.names = region.guarded(() -> region.store().keys("")).iterator();
  }

  @Override
  public boolean hasNext() {
    find();
    return nextValue != null;
  }

  private void find() {
    while (nextValue == null && names.hasNext()) {
      nextName = names.next();
      nextBytes = region.stored(nextName);
      nextValue = nextBytes == null ? null : region.decoded(nextName, nextBytes);
    }
  }

  @Override
  public Cache.Entry<K, V> next() {
    long start = statistics.start();
    find();
    String name = nextName;
    byte[] bytes = nextBytes;
    V value = nextValue;
    if (name == null || bytes == null || value == null) {
      throw new NoSuchElementException("there are no more entries");
    }
    nextValue = null;
    K key = region.keys().decode(name);
    last = key;
    region.accessed(key, name, bytes);
    statistics.looked(true, start);
    return new NadbEntry<>(key, value);
  }

  @Override
  public void remove() {
    if (last == null) {
      throw new IllegalStateException("call next() first; each entry can be removed once");
    }
    remover.accept(last);
    last = null;
  }
}
