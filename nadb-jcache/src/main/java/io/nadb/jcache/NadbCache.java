package io.nadb.jcache;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache that is a namespace of a store of NADB.
 *
 * <p>Every method that looks and changes is atomic for its key, against all who use the namespace.
 * A change is visible at once and durable as the store's URL says: by default at the next flush,
 * and after a crash the caches of a location equal one flush boundary. {@link #unwrap} gives the
 * {@link KeyValueStore} of the namespace. Thread-safe; loaders, writers, listeners and entry
 * processors must not change the key that they are called for by any other way than their
 * arguments.
 *
 * @since 0.1.0
 */
public final class NadbCache<K, V> implements Cache<K, V> {
  private final NadbCacheManager manager;
  private final String name;
  private final TypeCheck<K, V> types;
  private final Region<K, V> region;
  private final ReadThrough<K, V> loader;
  private final WriteThrough<K, V> writer;
  private final CacheReads<K, V> reads;
  private final CacheWrites<K, V> writes;
  private final EntryProcessing<K, V> processing;
  private final CacheStatistics statistics = new CacheStatistics();
  private final CacheControl<K, V> control;
  private final Background background;
  private volatile boolean closed;

  NadbCache(
      NadbCacheManager manager,
      String name,
      MutableConfiguration<K, V> configuration,
      KeyValueStore store,
      KeyCodec<K> keys,
      ValueCodec<V> values,
      Unreadable unreadable,
      Background background) {
    this.manager = manager;
    this.name = name;
    this.types = new TypeCheck<>(name, configuration);
    this.background = background;
    CacheListeners<K, V> listeners =
        new CacheListeners<>(this, store, keys, values, background.events());
    Expiry expiry = new Expiry(name, configuration.getExpiryPolicyFactory().create());
    this.region = new Region<>(name, store, keys, values, expiry, listeners, unreadable);
    this.loader =
        new ReadThrough<>(
            created(configuration.getCacheLoaderFactory()), configuration.isReadThrough());
    this.writer = new WriteThrough<>(writer(configuration));
    this.reads = new CacheReads<>(region, loader, statistics);
    this.writes = new CacheWrites<>(region, writer, statistics);
    this.processing = new EntryProcessing<>(region, loader, writer, statistics, types);
    this.control = new CacheControl<>(name, manager.url(), configuration, listeners, statistics);
  }

  /** Begins to listen and to be managed. */
  void start() {
    control.start();
  }

  private static <T> @Nullable T created(@Nullable Factory<T> factory) {
    return factory == null ? null : factory.create();
  }

  @SuppressWarnings("unchecked") // A writer of K and V, or of what they extend.
  private static <K, V> @Nullable CacheWriter<K, V> writer(MutableConfiguration<K, V> from) {
    return from.isWriteThrough() ? (CacheWriter<K, V>) created(from.getCacheWriterFactory()) : null;
  }

  @Override
  public @Nullable V get(K key) {
    check(key);
    return reads.get(key);
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    return reads.getAll(checked(keys));
  }

  @Override
  public boolean containsKey(K key) {
    check(key);
    return region.contains(key);
  }

  @Override
  public void loadAll(
      Set<? extends K> keys, boolean replaceExistingValues, @Nullable CompletionListener listener) {
    Set<K> wanted = checked(keys);
    try {
      background.loads().execute(() -> reads.loadAll(wanted, replaceExistingValues, listener));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException(manager + " is closed", e);
    }
  }

  @Override
  public void put(K key, V value) {
    check(key, value);
    writes.put(key, value);
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    check(key, value);
    return writes.getAndPut(key, value);
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    checkOpen();
    types.entries(map);
    writes.putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    check(key, value);
    return writes.putIfAbsent(key, value);
  }

  @Override
  public boolean remove(K key) {
    check(key);
    return writes.remove(key);
  }

  @Override
  public boolean remove(K key, V oldValue) {
    check(key, oldValue);
    return writes.remove(key, oldValue);
  }

  @Override
  public @Nullable V getAndRemove(K key) {
    check(key);
    return writes.getAndRemove(key);
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    check(key, oldValue);
    check(key, newValue);
    return writes.replace(key, oldValue, newValue);
  }

  @Override
  public boolean replace(K key, V value) {
    check(key, value);
    return writes.replace(key, value);
  }

  @Override
  public @Nullable V getAndReplace(K key, V value) {
    check(key, value);
    return writes.getAndReplace(key, value);
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    writes.removeAll(checked(keys));
  }

  @Override
  public void removeAll() {
    checkOpen();
    writes.removeAll();
  }

  /** Removes all entries in one step, durable on return; tells neither listeners nor the writer. */
  @Override
  public void clear() {
    checkOpen();
    region.guarded(
        () -> {
          region.store().clear();
          return true;
        });
  }

  @Override
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    check(key);
    return processing.invoke(
        key, Objects.requireNonNull(entryProcessor, "entryProcessor"), arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    Set<K> wanted = checked(keys);
    return processing.invokeAll(
        wanted, Objects.requireNonNull(entryProcessor, "entryProcessor"), arguments);
  }

  /** Goes through the keys that there are now, and shows each entry that is still there. */
  @Override
  public Iterator<Cache.Entry<K, V>> iterator() {
    checkOpen();
    return new EntryIterator<>(region, statistics, writes::remove);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
    checkOpen();
    control.register(listener);
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
    checkOpen();
    control.deregister(Objects.requireNonNull(listener, "listener"));
  }

  /** Gives what is configured now, which does not change any more. */
  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    CompleteConfiguration<K, V> settings = settings();
    if (!type.isInstance(settings)) {
      throw new IllegalArgumentException(
          "cache '%s' shows its configuration as a %s, and not as a %s"
              .formatted(name, CompleteConfiguration.class.getName(), type.getName()));
    }
    return type.cast(settings);
  }

  CompleteConfiguration<K, V> settings() {
    return control.settings();
  }

  void enableStatistics(boolean enabled) {
    control.enableStatistics(enabled);
  }

  void enableManagement(boolean enabled) {
    control.enableManagement(enabled);
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public CacheManager getCacheManager() {
    return manager;
  }

  /** Closes the cache; its entries stay in the location. */
  @Override
  public void close() {
    synchronized (control) {
      if (closed) {
        return;
      }
      closed = true;
    }
    manager.closed(this);
    control.end();
    loader.close();
    writer.close();
    Closing.close(region.expiry().policy());
    try {
      region.store().close();
    } catch (NadbException e) {
      throw new CacheException("cache '%s': %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Removes all entries and closes the cache. */
  void destroy() {
    try {
      clear();
    } finally {
      close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Gives this cache, or the {@link KeyValueStore} of its namespace. */
  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, region.store());
  }

  private void check(K key) {
    checkOpen();
    types.key(key);
  }

  private void check(K key, V value) {
    check(key);
    types.value(value);
  }

  private Set<K> checked(Set<? extends K> keys) {
    checkOpen();
    return types.keys(keys);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("cache '" + name + "' is closed");
    }
  }

  @Override
  public String toString() {
    return "NadbCache[" + name + ", " + manager.url() + "]";
  }
}
