package io.nadb.benchmarks.caches;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.ehcache.config.ResourcePools;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.core.config.DefaultConfiguration;
import org.ehcache.impl.config.persistence.DefaultPersistenceConfiguration;
import org.ehcache.jsr107.Eh107Configuration;
import org.ehcache.jsr107.EhcacheCachingProvider;

/** Caches of JCache providers, by label: by value, without expiry, each with its defaults. */
final class JCaches implements AutoCloseable {
  static final String NADB = "nadb";
  static final String EHCACHE_DISK = "Ehcache, heap and disk";
  static final String EHCACHE_OFF_HEAP = "Ehcache, heap and off-heap";
  static final String CAFFEINE = "Caffeine";

  /** Most entries are not in the heap tier, which is what the tiers below are for. */
  private static final long HEAP_ENTRIES = 100;

  private final CacheManager nadb;
  private final CacheManager ehcache;
  private final CacheManager caffeine;

  JCaches(Path directory) {
    this.nadb =
        Caching.getCachingProvider("io.nadb.jcache.NadbCachingProvider")
            .getCacheManager(URI.create("nadb:fs:" + directory.resolve("nadb")), null);
    EhcacheCachingProvider provider =
        (EhcacheCachingProvider)
            Caching.getCachingProvider("org.ehcache.jsr107.EhcacheCachingProvider");
    this.ehcache =
        provider.getCacheManager(
            URI.create("ehcache:benchmark"),
            new DefaultConfiguration(
                EhcacheCachingProvider.class.getClassLoader(),
                new DefaultPersistenceConfiguration(directory.resolve("ehcache").toFile())));
    this.caffeine =
        Caching.getCachingProvider(
                "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider")
            .getCacheManager();
  }

  /** Creates a cache of each provider and tier. */
  <V> Map<String, Cache<String, V>> create(String name, Class<V> type) {
    ResourcePoolsBuilder heap =
        ResourcePoolsBuilder.newResourcePoolsBuilder().heap(HEAP_ENTRIES, EntryUnit.ENTRIES);
    Map<String, Cache<String, V>> caches = new LinkedHashMap<>();
    caches.put(NADB, plain(nadb, name, type));
    caches.put(EHCACHE_DISK, tiered(name, type, heap.disk(1, MemoryUnit.GB, true).build()));
    caches.put(
        EHCACHE_OFF_HEAP,
        tiered(name + " off-heap", type, heap.offheap(256, MemoryUnit.MB).build()));
    caches.put(CAFFEINE, plain(caffeine, name, type));
    return caches;
  }

  private static <V> Cache<String, V> plain(CacheManager manager, String name, Class<V> type) {
    return manager.createCache(
        name, new MutableConfiguration<String, V>().setTypes(String.class, type));
  }

  private <V> Cache<String, V> tiered(String name, Class<V> type, ResourcePools tiers) {
    return ehcache.createCache(
        name,
        Eh107Configuration.fromEhcacheCacheConfiguration(
            CacheConfigurationBuilder.newCacheConfigurationBuilder(String.class, type, tiers)
                .build()));
  }

  /** Ehcache's manager, which has each cache with a disk tier by its name. */
  CacheManager ehcache() {
    return ehcache;
  }

  @Override
  public void close() {
    List.of(nadb, ehcache, caffeine).forEach(CacheManager::close);
  }
}
