package io.nadb.spring.boot;

import io.nadb.spring.cache.NadbCache;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets Boot's own metrics of caches, {@code cache.gets} and the others, see NADB's.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(
    name = {
      "io.micrometer.core.instrument.binder.cache.CacheMeterBinder",
      "org.springframework.cache.support.AbstractValueAdaptingCache"
    })
public class NadbCacheMetricsAutoConfiguration {

  /** Creates the auto-configuration. */
  public NadbCacheMetricsAutoConfiguration() {}

  /** What Boot 3 asks. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = "org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider")
  static class Boot3 {
    @Bean
    org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider<NadbCache>
        boot3NadbCacheMeterBinderProvider() {
      return NadbCacheMeterBinder::new;
    }
  }

  /** What Boot 4 asks, which has moved it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.cache.metrics.CacheMeterBinderProvider")
  static class Boot4 {
    @Bean
    org.springframework.boot.cache.metrics.CacheMeterBinderProvider<NadbCache>
        boot4NadbCacheMeterBinderProvider() {
      return NadbCacheMeterBinder::new;
    }
  }
}
