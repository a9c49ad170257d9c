package io.nadb.jcache;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one location of NADB, each a namespace of it.
 *
 * <p>What a cache holds stays in the location when the cache, or the manager, is closed, and is
 * there again for a cache of that name, unless the location is memory; {@link #destroyCache}
 * removes it. {@link #unwrap} gives the {@link KeyValueStore} of the location, to flush it for
 * example. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbCacheManager implements CacheManager {
  private static final String NAMESPACE = "jcache:";
  private static final int MAX_NAME_BYTES = 255 - NAMESPACE.length();

  private final NadbCachingProvider provider;
  private final URI uri;
  private final ClassLoader loader;
  private final ManagerSource source;
  private final ManagerOptions options;
  private final KeyValueStore location;
  private final Background background;
  private final Map<String, NadbCache<?, ?>> caches = new TreeMap<>();
  private volatile boolean closed;

  private NadbCacheManager(
      NadbCachingProvider provider,
      URI uri,
      ClassLoader loader,
      ManagerSource source,
      KeyValueStore location) {
    this.provider = provider;
    this.uri = uri;
    this.loader = loader;
    this.source = source;
    this.options = new ManagerOptions(source.properties(), loader);
    this.location = location;
    this.background = new Background(loader);
  }

  /** Opens the location, so that it stays open while the manager is, and errors come at once. */
  static NadbCacheManager open(
      NadbCachingProvider provider, URI uri, ClassLoader loader, Properties properties) {
    ManagerSource source = ManagerSource.of(uri, properties);
    return new NadbCacheManager(provider, uri, loader, source, store(source.url(), ""));
  }

  private static KeyValueStore store(String url, String cache) {
    try {
      return NadbDriverManager.open(url, Map.of("namespace", NAMESPACE + cache));
    } catch (NadbException | IllegalStateException | IllegalArgumentException e) {
      throw new CacheException(e.getMessage(), e);
    }
  }

  @Override
  public CachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public ClassLoader getClassLoader() {
    return loader;
  }

  @Override
  public Properties getProperties() {
    return source.properties();
  }

  /**
   * Creates a cache; it has the entries that a cache of this name has left in the location.
   *
   * @throws CacheException also if the name takes more than 248 bytes in UTF-8
   * @throws UnsupportedOperationException if it is to store by reference
   */
  @Override
  public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
      String cacheName, C configuration) {
    Objects.requireNonNull(cacheName, "cacheName");
    MutableConfiguration<K, V> complete =
        CacheSettings.complete(Objects.requireNonNull(configuration, "configuration"));
    if (!complete.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "cache '%s': NADB stores by value; leave setStoreByValue(false) away"
              .formatted(cacheName));
    }
    int bytes = cacheName.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_NAME_BYTES) {
      throw new CacheException(
          "the name of a cache takes %d bytes; at most %d are allowed: '%s'"
              .formatted(bytes, MAX_NAME_BYTES, cacheName));
    }
    synchronized (caches) {
      checkOpen();
      if (caches.containsKey(cacheName)) {
        throw new CacheException(
            "there is a cache '%s'; get it, or destroy it".formatted(cacheName));
      }
      NadbCache<K, V> cache = create(cacheName, complete);
      caches.put(cacheName, cache);
      return cache;
    }
  }

  private <K, V> NadbCache<K, V> create(String name, MutableConfiguration<K, V> configuration) {
    CacheSerializer serializer = options.serializer(name);
    boolean refusesUnreadable = options.refusesUnreadable(name);
    KeyValueStore store = store(source.url(), name);
    NadbCache<K, V> cache;
    try {
      cache =
          new NadbCache<>(
              this,
              name,
              configuration,
              store,
              new KeyCodec<>(name, serializer, loader),
              new ValueCodec<>(name, serializer, loader),
              new Unreadable(name, store, refusesUnreadable),
              background);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
    try {
      cache.start();
    } catch (RuntimeException | Error e) {
      cache.close();
      throw e;
    }
    return cache;
  }

  @Override
  @SuppressWarnings("unchecked") // The types are compared.
  public <K, V> @Nullable Cache<K, V> getCache(
      String cacheName, Class<K> keyType, Class<V> valueType) {
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(valueType, "valueType");
    NadbCache<?, ?> cache = find(cacheName);
    if (cache == null) {
      return null;
    }
    check(cacheName, "keys", cache.settings().getKeyType(), keyType);
    check(cacheName, "values", cache.settings().getValueType(), valueType);
    return (Cache<K, V>) cache;
  }

  private static void check(String cache, String what, Class<?> configured, Class<?> asked) {
    if (!configured.equals(asked)) {
      throw new ClassCastException(
          "cache '%s' has %s of type %s, and not %s"
              .formatted(cache, what, configured.getName(), asked.getName()));
    }
  }

  @Override
  @SuppressWarnings("unchecked") // As JCache has it: the caller says so.
  public <K, V> @Nullable Cache<K, V> getCache(String cacheName) {
    return (Cache<K, V>) find(cacheName);
  }

  private @Nullable NadbCache<?, ?> find(String name) {
    Objects.requireNonNull(name, "cacheName");
    synchronized (caches) {
      checkOpen();
      return caches.get(name);
    }
  }

  /** Returns the names of the caches that are open, sorted; not of those that are only stored. */
  @Override
  public Iterable<String> getCacheNames() {
    synchronized (caches) {
      checkOpen();
      return List.copyOf(caches.keySet());
    }
  }

  /** Closes a cache and removes what it holds, durably; does nothing if it is not open. */
  @Override
  public void destroyCache(String cacheName) {
    NadbCache<?, ?> cache = find(cacheName);
    if (cache != null) {
      cache.destroy();
    }
  }

  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    NadbCache<?, ?> cache = find(cacheName);
    if (cache != null) {
      cache.enableManagement(enabled);
    }
  }

  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    NadbCache<?, ?> cache = find(cacheName);
    if (cache != null) {
      cache.enableStatistics(enabled);
    }
  }

  /**
   * Closes all caches and gives the location back; the last one to do so flushes it.
   *
   * @throws CacheException if that fails; all is closed all the same
   */
  @Override
  public void close() {
    List<NadbCache<?, ?>> open;
    synchronized (caches) {
      if (closed) {
        return;
      }
      closed = true;
      open = List.copyOf(caches.values());
    }
    provider.closed(this);
    open.forEach(Closing::close);
    background.close();
    try {
      location.close();
    } catch (NadbException e) {
      throw new CacheException(e.getMessage(), e);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Gives this manager, or the {@link KeyValueStore} of its location. */
  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, location);
  }

  /** Called by a cache that closes. */
  void closed(NadbCache<?, ?> cache) {
    synchronized (caches) {
      caches.remove(cache.getName(), cache);
    }
  }

  /** The URL, with any credential masked. */
  String url() {
    return location.url();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the cache manager of " + url() + " is closed");
    }
  }

  @Override
  public String toString() {
    return "NadbCacheManager[" + url() + "]";
  }
}
