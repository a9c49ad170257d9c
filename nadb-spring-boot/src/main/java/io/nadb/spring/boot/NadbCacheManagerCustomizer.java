package io.nadb.spring.boot;

import io.nadb.spring.cache.NadbCacheManager;

/**
 * A bean that says more of the cache manager than properties can: caches with codecs and tags.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface NadbCacheManagerCustomizer {

  /** Called before the manager is built, with what the properties have said. */
  void customize(NadbCacheManager.Builder builder);
}
