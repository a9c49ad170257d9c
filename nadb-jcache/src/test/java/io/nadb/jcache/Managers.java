package io.nadb.jcache;

import java.net.URI;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryListener;
import org.jspecify.annotations.Nullable;

/** Managers of a provider of a test's own, all closed with it. */
final class Managers implements AutoCloseable {
  private final NadbCachingProvider provider = new NadbCachingProvider();

  NadbCachingProvider provider() {
    return provider;
  }

  CacheManager open(String url) {
    return open(url, null, new Properties());
  }

  /** A manager that is no other's, since it has a class loader of its own. */
  CacheManager openAnother(String url) {
    return open(url, new ClassLoader(Managers.class.getClassLoader()) {}, new Properties());
  }

  CacheManager open(String url, @Nullable ClassLoader loader, Properties properties) {
    return provider.getCacheManager(URI.create(url), loader, properties);
  }

  /** A cache without types and without expiry. */
  static <K, V> Cache<K, V> plain(CacheManager manager, String name) {
    return manager.createCache(name, new MutableConfiguration<>());
  }

  /** Has a listener told, with old values. */
  static <K, V> MutableCacheEntryListenerConfiguration<K, V> listening(
      CacheEntryListener<K, V> listener, boolean synchronous) {
    return new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, synchronous);
  }

  @Override
  public void close() {
    provider.close();
  }
}
