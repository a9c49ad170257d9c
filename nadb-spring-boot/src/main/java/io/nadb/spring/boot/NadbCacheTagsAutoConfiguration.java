package io.nadb.spring.boot;

import io.nadb.spring.cache.NadbCacheManager;
import io.nadb.spring.cache.TaggedCacheResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.Bean;

/**
 * Has {@link io.nadb.spring.cache.CacheTags} known where caches are NADB's and annotations find
 * them in the usual way. The bean is {@code nadbCacheResolver}, for annotations that name one.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = NadbCacheAutoConfiguration.class)
@ConditionalOnClass(
    name = "org.springframework.cache.transaction.AbstractTransactionSupportingCacheManager")
@ConditionalOnBean({CacheAspectSupport.class, NadbCacheManager.class})
@ConditionalOnSingleCandidate(CacheManager.class)
public class NadbCacheTagsAutoConfiguration {

  /** Creates the auto-configuration. */
  public NadbCacheTagsAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  TaggedCacheResolver nadbCacheResolver(CacheManager manager) {
    return new TaggedCacheResolver(manager);
  }

  /** Comes when the caching of the application is configured, and nobody has used it. */
  @Bean
  SmartInitializingSingleton nadbCacheTags(
      ObjectProvider<CacheAspectSupport> aspects,
      TaggedCacheResolver tagged,
      CacheManager manager) {
    return () ->
        aspects.stream()
            .filter(aspect -> isUsual(aspect.getCacheResolver(), manager))
            .forEach(aspect -> aspect.setCacheResolver(tagged));
  }

  private static boolean isUsual(@Nullable CacheResolver resolver, CacheManager manager) {
    return resolver == null
        || (resolver instanceof SimpleCacheResolver simple && simple.getCacheManager() == manager);
  }
}
