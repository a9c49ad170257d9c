package io.nadb.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.codec.JacksonCodec;
import io.nadb.codec.SerializationCodec;
import io.nadb.testing.ShownCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Runs what docs/spring.md shows of caches, in an application context. */
class SpringDocsTest {

  @Configuration
  @EnableCaching
  static class Caches implements CachingConfigurer {
    @Bean
    KeyValueStore store() {
      return StoreRegistry.create().open("nadb:mem:docs");
    }

    @Bean
    @Override
    public CacheResolver cacheResolver() {
      return new TaggedCacheResolver(cacheManager(store()));
    }

    @Bean
    NadbCacheManager cacheManager(KeyValueStore store) {
      return NadbCacheManager.builder(store)
          .defaults(
              NadbCacheSettings.of(SerializationCodec.of(Object.class))
                  .withTtl(Duration.ofMinutes(10)))
          .cache(
              "books",
              NadbCacheSettings.of(JacksonCodec.of(Book.class))
                  .withTtl((isbn, book) -> book == null ? Duration.ofSeconds(30) : Duration.ZERO)
                  .withTags(
                      (isbn, book) -> book instanceof Book b ? List.of(b.author()) : List.of()))
          .build();
    }

    @Bean
    Library library() {
      return new Library();
    }
  }

  static class Library {

    @Cacheable(cacheNames = "books", sync = true)
    public @Nullable Book book(String isbn) {
      return isbn.isBlank() ? null : new Book(isbn, "Le Guin");
    }

    @Cacheable("editions")
    @CacheTags({"'isbn ' + #isbn", "#result.author"})
    public Book edition(String isbn, int number) {
      return new Book(isbn, "Borges");
    }

    @Cacheable("pages")
    public CompletableFuture<Integer> pages(String isbn, int edition) {
      return CompletableFuture.completedFuture(edition);
    }

    @CacheEvict("books")
    public void changed(String isbn) {}
  }

  @Test
  void thePageShowsWhatIsRunHere() throws IOException {
    assertThat(
            ShownCode.notIn(
                Path.of("..", "docs", "spring.md"),
                Path.of("src/test/java/io/nadb/spring/cache/SpringDocsTest.java"),
                Path.of("src/test/java/io/nadb/spring/session/SessionDocsTest.java"),
                Path.of(
                    "../nadb-spring-boot-test/src/test/java/io/nadb/spring/boot/test/CartTest.java")))
        .isEmpty();
  }

  @Test
  void anApplicationCachesByAnnotations() throws Exception {
    try (AnnotationConfigApplicationContext context =
        new AnnotationConfigApplicationContext(Caches.class)) {
      Library library = context.getBean(Library.class);
      NadbCacheManager cacheManager = context.getBean(NadbCacheManager.class);

      assertThat(library.book("1")).isEqualTo(new Book("1", "Le Guin"));
      assertThat(library.book("1")).isEqualTo(new Book("1", "Le Guin"));
      assertThat(library.book("")).isNull();
      assertThat(library.book("")).isNull();
      assertThat(cacheManager.cache("books").statistics().puts()).isEqualTo(2);
      library.changed("1");
      library.book("1");
      assertThat(cacheManager.cache("books").statistics().puts()).isEqualTo(3);

      int evicted = cacheManager.cache("books").evictByTags("Le Guin");
      assertThat(evicted).isEqualTo(1);

      library.edition("1", 2);
      library.edition("1", 3);
      assertThat(cacheManager.cache("editions").evictByTags("isbn 1", "Borges")).isEqualTo(2);

      assertThat(library.pages("1", 2).get()).isEqualTo(2);
      assertThat(library.pages("1", 2).get()).isEqualTo(2);
      assertThat(cacheManager.cache("pages").statistics().hits()).isEqualTo(1);
    }
  }
}
