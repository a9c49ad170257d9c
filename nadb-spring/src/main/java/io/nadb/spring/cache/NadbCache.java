package io.nadb.spring.cache;

import io.nadb.KeyValueStore;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.AbstractValueAdaptingCache;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * One of Spring's caches, in a namespace of a store.
 *
 * <p>Each value names the format of its codec. An entry that can't be read, as after a deployment
 * that has changed its class, is a miss: it is dropped, counted, and the first one is logged. What
 * the store throws goes to Spring's {@code CacheErrorHandler}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbCache extends AbstractValueAdaptingCache {
  private final String name;
  private final CacheEntries entries;
  private final Counters counters = new Counters();
  private final Loads loads = new Loads();
  private final @Nullable SharedLoads shared;

  /**
   * Creates a cache in the namespace that a handle is on, and which is to have nothing else in it.
   * The handle remains the caller's, to be closed when the cache is used no more.
   */
  public NadbCache(String name, KeyValueStore namespace, NadbCacheSettings settings) {
    this(name, namespace, settings, SharedLoads.of(namespace, settings.loadLease()));
  }

  NadbCache(
      String name,
      KeyValueStore namespace,
      NadbCacheSettings settings,
      @Nullable SharedLoads shared) {
    super(settings.nullValues());
    this.name = Objects.requireNonNull(name, "name");
    this.entries = new CacheEntries(name, namespace, settings, counters);
    this.shared = shared;
  }

  @Override
  public String getName() {
    return name;
  }

  /** The store, on the namespace of this cache. */
  @Override
  public KeyValueStore getNativeCache() {
    return entries.store();
  }

  /** What this cache has done. */
  public NadbCacheStatistics statistics() {
    return counters.statistics();
  }

  @Override
  protected @Nullable Object lookup(Object key) {
    Object found = entries.find(key);
    counters.read(found != null);
    return found;
  }

  /**
   * Returns the value of a key, or what the loader makes of it, which is then put. While one thread
   * of this JVM loads, others that want the same key wait for it; on a server, other JVMs too,
   * until the load has ended or its lease is over ({@link NadbCacheSettings#withLoadLease}).
   *
   * @throws org.springframework.cache.Cache.ValueRetrievalException if the loader throws, also the
   *     one that this thread has waited for; or if this thread is interrupted while it waits
   */
  @Override
  @SuppressWarnings(
      "unchecked") // The caller says which type it is, as with all of Spring's caches.
  public <T> @Nullable T get(Object key, Callable<T> loader) {
    Object found = lookup(key);
    if (found != null) {
      return (T) fromStoreValue(found);
    }
    try {
      return (T) fromStoreValue(loads.load(key, () -> loaded(key, loader)));
    } catch (ExecutionException e) {
      throw new ValueRetrievalException(key, loader, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ValueRetrievalException(key, loader, e);
    }
  }

  private Object loaded(Object key, Callable<?> loader) throws Exception {
    Callable<Object> load = () -> putStored(key, loader.call());
    if (shared != null) {
      return shared.load(entries.convert(key), () -> entries.find(key), load);
    }
    // Another load may have ended since this thread has looked.
    Object found = entries.find(key);
    return found == null ? load.call() : found;
  }

  /** As {@link #get(Object)}, at once: null for a miss. */
  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    Object found = lookup(key);
    if (found == null) {
      return null;
    }
    Object value = fromStoreValue(found);
    // In a wrapper, null is a value; without one, it would be a miss.
    return CompletableFuture.completedFuture(
        isAllowNullValues() ? new SimpleValueWrapper(value) : value);
  }

  /** As {@link #get(Object, Callable)}, but nobody waits for the loader, nor for other JVMs. */
  @Override
  @SuppressWarnings("unchecked")
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
    Object found = lookup(key);
    if (found != null) {
      return CompletableFuture.completedFuture((T) fromStoreValue(found));
    }
    return loads
        .loadAsync(
            key,
            () -> {
              // Another load may have ended since this thread has looked.
              Object loaded = entries.find(key);
              return loaded == null
                  ? loader.get().thenApply(value -> putStored(key, value))
                  : CompletableFuture.completedFuture(loaded);
            })
        .thenApply(stored -> (T) fromStoreValue(stored));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    putStored(key, value);
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    Stored stored = stored(value);
    while (true) {
      Object found = entries.find(key);
      if (found != null) {
        return toValueWrapper(found);
      }
      if (entries.putIfAbsent(key, stored.value(), stored.tags())) {
        counters.put();
        return null;
      }
    }
  }

  @Override
  public void evict(Object key) {
    evictIfPresent(key);
  }

  @Override
  public boolean evictIfPresent(Object key) {
    boolean removed = entries.remove(key);
    counters.evicted(removed ? 1 : 0);
    return removed;
  }

  /**
   * Evicts the entries that have all of the given tags, which they got from {@link
   * NadbCacheSettings#withTags} or {@link CacheTags}; at once, also within a transaction.
   *
   * @return how many there were
   * @throws IllegalArgumentException if no tag is given
   */
  public int evictByTags(String... tags) {
    int removed = entries.removeByTags(tags);
    counters.evicted(removed);
    return removed;
  }

  /** Removes all entries of this cache, and no other's, in one step; durable on return. */
  @Override
  public void clear() {
    entries.store().clear();
  }

  @Override
  public boolean invalidate() {
    boolean notEmpty = entries.store().size() > 0;
    clear();
    return notEmpty;
  }

  /** Puts a value, which may bring tags; returns it as it is stored. */
  private Object putStored(Object key, @Nullable Object value) {
    Stored stored = stored(value);
    entries.put(key, stored.value(), stored.tags());
    counters.put();
    return stored.value();
  }

  private Stored stored(@Nullable Object value) {
    return value instanceof Tagged tagged
        ? new Stored(toStoreValue(tagged.value()), tagged.tags())
        : new Stored(toStoreValue(value), List.of());
  }

  /** A value as it is stored, with the tags that it has brought. */
  private record Stored(Object value, List<String> tags) {}
}
