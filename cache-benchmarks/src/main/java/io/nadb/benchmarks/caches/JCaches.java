package io.nadb.benchmarks.caches;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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

/** The caches of JCache providers, by label: by value, without expiry, each with its defaults. */
final class JCaches implements AutoCloseable {
  static final String NADB = "nadb";
  static final String EHCACHE_DISK = "Ehcache, heap and disk";
  static final String EHCACHE_OFF_HEAP = "Ehcache, heap and off-heap";
  static final String CAFFEINE = "Caffeine";

  /** Most entries are not in the heap tier, which is what the tiers below are for. */
  private static final long HEAP_ENTRIES = 100;

  private final Map<String, CacheManager> managers = new LinkedHashMap<>();
  private final Map<String, Cache<String, Book>> caches = new LinkedHashMap<>();

  JCaches(Path directory) {
    add(
        NADB,
        Caching.getCachingProvider("io.nadb.jcache.NadbCachingProvider")
            .getCacheManager(URI.create("nadb:fs:" + directory.resolve("nadb")), null));
    EhcacheCachingProvider ehcache =
        (EhcacheCachingProvider)
            Caching.getCachingProvider("org.ehcache.jsr107.EhcacheCachingProvider");
    CacheManager tiers =
        ehcache.getCacheManager(
            URI.create("ehcache:benchmark"),
            new DefaultConfiguration(
                EhcacheCachingProvider.class.getClassLoader(),
                new DefaultPersistenceConfiguration(directory.resolve("ehcache").toFile())));
    managers.put("Ehcache", tiers);
    ResourcePoolsBuilder heap =
        ResourcePoolsBuilder.newResourcePoolsBuilder().heap(HEAP_ENTRIES, EntryUnit.ENTRIES);
    addTiers(tiers, EHCACHE_DISK, heap.disk(1, MemoryUnit.GB, true).build());
    addTiers(tiers, EHCACHE_OFF_HEAP, heap.offheap(256, MemoryUnit.MB).build());
    add(
        CAFFEINE,
        Caching.getCachingProvider(
                "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider")
            .getCacheManager());
  }

  private void add(String label, CacheManager manager) {
    managers.put(label, manager);
    caches.put(
        label,
        manager.createCache(
            "books", new MutableConfiguration<String, Book>().setTypes(String.class, Book.class)));
  }

  private void addTiers(CacheManager manager, String label, ResourcePools tiers) {
    caches.put(
        label,
        manager.createCache(
            label,
            Eh107Configuration.fromEhcacheCacheConfiguration(
                CacheConfigurationBuilder.newCacheConfigurationBuilder(
                        String.class, Book.class, tiers)
                    .build())));
  }

  Map<String, Cache<String, Book>> caches() {
    return caches;
  }

  /** The manager that a label, or the name of a provider, stands for. */
  CacheManager manager(String label) {
    CacheManager manager = managers.get(label);
    if (manager == null) {
      throw new IllegalArgumentException("no manager " + label + ", only " + managers.keySet());
    }
    return manager;
  }

  @Override
  public void close() {
    managers.values().forEach(CacheManager::close);
  }
}
