package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.codec.Codec;
import io.nadb.spring.cache.CacheTags;
import io.nadb.spring.cache.NadbCacheManager;
import io.nadb.spring.cache.NadbCacheSettings;
import io.nadb.spring.cache.TaggedCacheResolver;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

class NadbCacheAutoConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  NadbAutoConfiguration.class,
                  NadbCacheAutoConfiguration.class,
                  NadbCacheTagsAutoConfiguration.class,
                  bootsOwn("cache", "CacheAutoConfiguration")))
          .withPropertyValues("nadb.url=nadb:mem:app");

  /** A class of Boot, which has one place in Boot 3 and another one in Boot 4. */
  private static Class<?> bootsOwn(String what, String name) {
    String before = "org.springframework.boot.autoconfigure." + what + "." + name;
    String after = "org.springframework.boot." + what + ".autoconfigure." + name;
    ClassLoader loader = NadbCacheAutoConfigurationTest.class.getClassLoader();
    return ClassUtils.resolveClassName(
        ClassUtils.isPresent(after, loader) ? after : before, loader);
  }

  @Configuration
  @EnableCaching
  static class Caching {}

  @Configuration
  static class OwnManager {
    @Bean
    CacheManager mine() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Configuration
  static class Customized {
    @Bean
    NadbCacheManagerCustomizer books() {
      return builder -> builder.cache("books", NadbCacheSettings.of(Codec.strings()));
    }
  }

  static class Library {
    @Cacheable("books")
    @CacheTags({"#isbn", "@shelf"})
    public String book(String isbn) {
      return "book " + isbn;
    }
  }

  /** Caches that annotations find in a way of the application's own. */
  @Configuration
  static class OwnWay implements CachingConfigurer {
    @Override
    public CacheResolver cacheResolver() {
      return invocation -> List.of(new ConcurrentMapCache("own"));
    }
  }

  @Test
  void annotationsGiveEntriesTags() {
    ApplicationContextRunner library =
        runner
            .withUserConfiguration(Caching.class)
            .withBean("shelf", String.class, () -> "by bean")
            .withBean(Library.class);
    library.run(
        context -> {
          context.getBean(Library.class).book("1");
          NadbCacheManager manager = context.getBean(NadbCacheManager.class);
          assertThat(manager.cache("books").evictByTags("1", "by bean")).isEqualTo(1);
        });
    library
        .withUserConfiguration(OwnWay.class)
        .run(
            context -> {
              assertThat(context.getBean(Library.class).book("1")).isEqualTo("book 1");
              assertThat(context.getBean(NadbCacheManager.class).getCacheNames()).isEmpty();
            });
    runner
        .withUserConfiguration(Caching.class)
        .withPropertyValues("spring.cache.type=none")
        .run(context -> assertThat(context).doesNotHaveBean(TaggedCacheResolver.class));
  }

  @Test
  void withoutCachingThereIsNoCacheManager() {
    runner.run(context -> assertThat(context).doesNotHaveBean(CacheManager.class));
  }

  @Test
  void theCacheIsOnTheStoreAndBootsOwnBacksOff() {
    runner
        .withUserConfiguration(Caching.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(CacheManager.class);
              NadbCacheManager manager = context.getBean(NadbCacheManager.class);
              manager.cache("any").put("k", null);
              try (KeyValueStore namespace =
                  context.getBean(KeyValueStore.class).namespace("cache:any")) {
                assertThat(namespace.metadata("k").orElseThrow().expiresAt()).isEmpty();
              }
            });
  }

  @Test
  void propertiesSayWhatCachesThereAreAndForHowLong() {
    VirtualTime time = new VirtualTime();
    runner
        .withBean(StoreRegistry.class, () -> StoreRegistry.create(time))
        .withUserConfiguration(Caching.class, Customized.class)
        .withPropertyValues(
            "nadb.cache.time-to-live-per-cache.pages=10m",
            "nadb.cache.create-dynamically=false",
            "nadb.cache.cache-null-values=false",
            "nadb.cache.transaction-aware=true")
        .run(
            context -> {
              NadbCacheManager manager = context.getBean(NadbCacheManager.class);
              assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("books", "pages");
              assertThat(manager.getCache("other")).isNull();
              assertThat(manager.isTransactionAware()).isTrue();
              assertThat(manager.cache("pages").isAllowNullValues()).isFalse();
              manager.cache("pages").put("k", "v");
              KeyValueStore pages = manager.cache("pages").getNativeCache();
              assertThat(pages.metadata("k").orElseThrow().expiresAt())
                  .contains(time.now().plus(Duration.ofMinutes(10)));
            });
  }

  @Test
  void cachesThatBootNamesAreThereFromTheStart() {
    for (String names : List.of("books,pages", "books, pages")) {
      runner
          .withUserConfiguration(Caching.class)
          .withPropertyValues(
              "spring.cache.cache-names=" + names, "nadb.cache.time-to-live-per-cache.pages=10m")
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class).getCacheNames())
                      .containsExactlyInAnyOrder("books", "pages"));
    }
    runner
        .withUserConfiguration(Caching.class)
        .withPropertyValues("spring.cache.cache-names[0]=books")
        .run(
            context ->
                assertThat(context.getBean(CacheManager.class).getCacheNames())
                    .containsExactly("books"));
  }

  @Test
  void othersComeFirst() {
    runner
        .withUserConfiguration(Caching.class, OwnManager.class)
        .run(context -> assertThat(context).doesNotHaveBean(NadbCacheManager.class));
    runner
        .withUserConfiguration(Caching.class)
        .withPropertyValues("spring.cache.type=none")
        .run(context -> assertThat(context).doesNotHaveBean(NadbCacheManager.class));
    runner
        .withUserConfiguration(Caching.class)
        .withPropertyValues("spring.cache.type=generic")
        .run(context -> assertThat(context).hasSingleBean(NadbCacheManager.class));
  }
}
