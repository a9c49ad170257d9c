package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.junit.NadbStore;
import io.nadb.spring.cache.NadbCache;
import io.nadb.spring.cache.NadbCacheSettings;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.metrics.cache.CacheMeterBinderProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Metrics of caches as Boot 3 asks for them. */
class Boot3CacheMetricsTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(NadbCacheMetricsAutoConfiguration.class));

  @Test
  @SuppressWarnings("unchecked")
  void theStatisticsOfACacheAreMeters(@NadbStore("nadb:mem:cache") KeyValueStore store) {
    MeterRegistry registry = new SimpleMeterRegistry();
    NadbCache cache = new NadbCache("books", store, NadbCacheSettings.of(Codec.strings()));
    runner.run(
        context -> {
          MeterBinder binder =
              context
                  .getBean(CacheMeterBinderProvider.class)
                  .getMeterBinder(cache, Tags.of("cache.manager", "m"));
          Objects.requireNonNull(binder, "binder").bindTo(registry);
          cache.get("k");
          cache.get("k");
          cache.put("k", "v");
          cache.put("l", "v");
          cache.put("m", "v");
          cache.get("k");
          cache.evict("k");

          assertThat(count(registry, "cache.gets", "result", "miss")).isEqualTo(2);
          assertThat(count(registry, "cache.gets", "result", "hit")).isEqualTo(1);
          assertThat(count(registry, "cache.puts", "cache", "books")).isEqualTo(3);
          assertThat(count(registry, "cache.evictions", "cache.manager", "m")).isEqualTo(1);
        });
  }

  private static double count(MeterRegistry registry, String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  @Test
  void withoutMicrometerThereIsNothing() {
    runner
        .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
        .run(context -> assertThat(context).doesNotHaveBean(CacheMeterBinderProvider.class));
  }
}
