package io.nadb.jcache;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Predicate;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * NADB as a provider of JCache, found by {@code javax.cache.Caching}.
 *
 * <p>The URI of a manager is a URL of NADB without the option {@code namespace}: {@code
 * nadb:fs:./cache?buffer=1mb}, {@code nadb:mem:cache}, {@code nadb:redis://db1}. Or it leads to a
 * file of properties, for those who want a file: {@code io.nadb.jcache.url} in it is the URL. The
 * default is that of the system property of that name, or else {@code nadb:mem:jcache}: memory
 * only, gone when the last manager of it is closed.
 *
 * <p>Managers of one URI and several class loaders share its entries. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbCachingProvider implements CachingProvider {
  private static final String DEFAULT_URL = "nadb:mem:jcache";

  private final Map<Id, NadbCacheManager> managers = new HashMap<>();

  /** What makes two managers the same. */
  private record Id(URI uri, ClassLoader loader) {}

  /** Creates a provider; {@code javax.cache.Caching} does. */
  public NadbCachingProvider() {}

  /**
   * Returns the open manager of a URI and a class loader, or opens one.
   *
   * @param uri a URL of NADB, or of a file of properties; null is the default
   * @param classLoader where classes of keys and values are looked up; null is the default
   * @param properties serializers and filters, see {@link CacheSerializer}; null is none
   * @throws CacheException if the URI can't be understood, or its location not be used
   */
  @Override
  public CacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
    Id id =
        new Id(
            uri != null ? uri : getDefaultURI(),
            classLoader != null ? classLoader : getDefaultClassLoader());
    Properties own = new Properties();
    if (properties != null) {
      for (String name : properties.stringPropertyNames()) {
        own.setProperty(name, properties.getProperty(name));
      }
      own.putAll(properties);
    }
    synchronized (managers) {
      NadbCacheManager open = managers.get(id);
      if (open == null || open.isClosed()) {
        open = NadbCacheManager.open(this, id.uri, id.loader, own);
        managers.put(id, open);
      }
      return open;
    }
  }

  @Override
  public CacheManager getCacheManager(@Nullable URI uri, @Nullable ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, getDefaultProperties());
  }

  @Override
  public CacheManager getCacheManager() {
    return getCacheManager(null, null, null);
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    ClassLoader loader = NadbCachingProvider.class.getClassLoader();
    return loader != null ? loader : ClassLoader.getSystemClassLoader();
  }

  @Override
  public URI getDefaultURI() {
    return URI.create(System.getProperty(ManagerSource.URL, DEFAULT_URL));
  }

  @Override
  public Properties getDefaultProperties() {
    return new Properties();
  }

  @Override
  public void close() {
    closeAll(id -> true);
  }

  @Override
  public void close(ClassLoader classLoader) {
    closeAll(id -> id.loader == classLoader);
  }

  @Override
  public void close(URI uri, ClassLoader classLoader) {
    closeAll(id -> id.loader == classLoader && id.uri.equals(uri));
  }

  private void closeAll(Predicate<Id> which) {
    List<NadbCacheManager> closing = new ArrayList<>();
    synchronized (managers) {
      managers.forEach(
          (id, manager) -> {
            if (which.test(id)) {
              closing.add(manager);
            }
          });
    }
    CacheException failure = null;
    for (NadbCacheManager manager : closing) {
      try {
        manager.close();
      } catch (CacheException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Called by a manager that closes. */
  void closed(NadbCacheManager manager) {
    synchronized (managers) {
      managers.values().removeIf(open -> open == manager);
    }
  }

  /** Store by reference is not supported: what is kept on a disk is no reference. */
  @Override
  public boolean isSupported(OptionalFeature feature) {
    Objects.requireNonNull(feature, "feature");
    return false;
  }
}
