package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.codec.SerializationCodec;
import io.nadb.spring.cache.NadbCacheManager;
import io.nadb.spring.cache.NadbCacheSettings;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Spring's cache on the store, where caching is enabled, there is one store (or a primary one), no
 * other cache manager, and {@code spring.cache.type} is not set, or {@code generic}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
    after = NadbAutoConfiguration.class,
    beforeName = {
      "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration",
      "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration"
    })
@ConditionalOnClass(
    name = "org.springframework.cache.transaction.AbstractTransactionSupportingCacheManager")
@ConditionalOnBean(CacheAspectSupport.class)
@ConditionalOnSingleCandidate(KeyValueStore.class)
@ConditionalOnMissingBean(CacheManager.class)
@ConditionalOnProperty(name = "spring.cache.type", havingValue = "generic", matchIfMissing = true)
public class NadbCacheAutoConfiguration {

  /** Creates the auto-configuration. */
  public NadbCacheAutoConfiguration() {}

  @Bean
  NadbCacheManager cacheManager(
      KeyValueStore store,
      NadbProperties properties,
      ResourceLoader resources,
      Environment environment,
      ObjectProvider<NadbCacheManagerCustomizer> customizers) {
    NadbProperties.Cache cache = properties.cache();
    ClassLoader loader = resources.getClassLoader();
    NadbCacheSettings plain =
        NadbCacheSettings.of(
            loader == null
                ? SerializationCodec.of(Object.class)
                : SerializationCodec.of(Object.class, loader));
    NadbCacheSettings settings = cache.cacheNullValues() ? plain : plain.withoutNullValues();
    NadbCacheManager.Builder builder = NadbCacheManager.builder(store);
    if (cache.createDynamically()) {
      builder.defaults(settings.withTtl(cache.timeToLive()));
    }
    namedByBoot(environment)
        .forEach(name -> builder.cache(name, settings.withTtl(cache.timeToLive())));
    cache
        .timeToLivePerCache()
        .forEach((String name, Duration ttl) -> builder.cache(name, settings.withTtl(ttl)));
    if (cache.transactionAware()) {
      builder.transactionAware();
    }
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  private static List<String> namedByBoot(Environment environment) {
    return Binder.get(environment)
        .bind("spring.cache.cache-names", Bindable.listOf(String.class))
        .orElse(List.of());
  }
}
