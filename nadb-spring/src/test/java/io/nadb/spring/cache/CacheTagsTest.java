package io.nadb.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.codec.SerializationCodec;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

class CacheTagsTest {
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext(Caches.class);
  private final Library library = context.getBean(Library.class);
  private final NadbCacheManager manager = context.getBean(NadbCacheManager.class);

  @AfterEach
  void close() {
    context.close();
  }

  @Configuration
  @EnableCaching(proxyTargetClass = true) // Methods that no interface has are called, too.
  static class Caches implements CachingConfigurer {
    @Bean
    KeyValueStore store() {
      return StoreRegistry.create().open("nadb:mem:tags");
    }

    @Bean
    NadbCacheManager nadb() {
      NadbCacheSettings settings = NadbCacheSettings.of(SerializationCodec.of(Object.class));
      return NadbCacheManager.builder(store())
          .defaults(settings)
          .cache("settled", settings.withTags((key, value) -> List.of("by settings")))
          .transactionAware()
          .build();
    }

    @Bean
    @Override
    public CacheResolver cacheResolver() {
      return new TaggedCacheResolver(nadb());
    }

    @Bean
    CacheManager maps() {
      return new ConcurrentMapCacheManager();
    }

    @Bean
    CacheResolver mapResolver() {
      return new TaggedCacheResolver(maps());
    }

    @Bean
    Library library() {
      return new Library();
    }

    @Bean
    String house() {
      return "the house";
    }
  }

  /** An annotation of the user's own. */
  @Retention(RetentionPolicy.RUNTIME)
  @CacheTags("'own'")
  @interface Own {}

  interface Shelves {
    @CacheTags("'of the interface'")
    String shelf(String name);
  }

  static class Library implements Shelves {
    @Cacheable("books")
    @CacheTags({"'shelf ' + #shelf", "#result?.author", "#root.methodName + #root.args.length"})
    public @Nullable Book book(String shelf, String isbn) {
      return isbn.isEmpty() ? null : new Book(isbn, "Le Guin");
    }

    @CachePut(cacheNames = "books", key = "#a0")
    @CacheTags({"#p0", "@house", "{'one', 'two'}", "#root.targetClass.simpleName"})
    public Book put(String isbn) {
      return new Book(isbn, "Borges");
    }

    @Cacheable(cacheNames = "synced", sync = true)
    @CacheTags("#result.author")
    public Optional<Book> synced(String isbn) {
      return Optional.of(new Book(isbn, untagged(isbn)));
    }

    @Cacheable(cacheNames = "later", sync = true)
    @CacheTags("#result.author")
    public CompletableFuture<Book> later(String isbn) {
      return CompletableFuture.completedFuture(new Book(isbn, "Eco"));
    }

    @Cacheable("later")
    @CacheTags("#result.author")
    public CompletableFuture<Book> muchLater(String isbn) {
      return CompletableFuture.completedFuture(new Book(isbn, "Eco"));
    }

    @Cacheable("plain")
    public String untagged(String isbn) {
      return "Lem";
    }

    @Override
    @Cacheable("shelves")
    public String shelf(String name) {
      return name;
    }

    @Own
    @Cacheable("own")
    public String own(String name) {
      return name;
    }

    @Cacheable("settled")
    @CacheTags("'by method'")
    public String settled(String name) {
      return name;
    }

    @Cacheable("numbers")
    @CacheTags("#result")
    public int number(String name) {
      return 7;
    }

    @Cacheable("typos")
    @CacheTags("'name ' + #nmae")
    public String typo(String name) {
      return name;
    }

    @Cacheable(cacheNames = "books", cacheResolver = "mapResolver")
    @CacheTags("'nobody knows it'")
    public String elsewhere(String name) {
      return name;
    }

    @CacheEvict("own")
    @CacheTags("#result.none")
    public void evict(String name) {}
  }

  private Set<String> tags(String cache, String key) {
    EntryMetadata entry = manager.cache(cache).getNativeCache().metadata(key).orElseThrow();
    return entry.tags();
  }

  @Test
  void tagsKnowWhatSpringsOwnAnnotationsKnow() {
    library.put("1");
    assertThat(tags("books", "1"))
        .containsExactlyInAnyOrder("1", "the house", "one", "two", "Library");

    Book book = library.book("top", "2");
    assertThat(library.book("top", "2")).isEqualTo(book);
    assertThat(library.book("top", "")).isNull();
    assertThat(library.book("top", "")).isNull();
    assertThat(manager.cache("books").evictByTags("shelf top", "book2")).isEqualTo(2);
    assertThat(manager.cache("books").evictByTags("Le Guin")).isZero();
    assertThat(manager.cache("books").statistics().hits()).isEqualTo(2);
  }

  @Test
  void whatIsLoadedOnceHasThemToo() throws Exception {
    assertThat(library.synced("1").orElseThrow().author()).isEqualTo("Lem");
    assertThat(library.synced("1").orElseThrow().author()).isEqualTo("Lem");
    assertThat(tags("synced", "1")).containsExactly("Lem");

    assertThat(library.later("2").get().author()).isEqualTo("Eco");
    assertThat(library.later("2").get().author()).isEqualTo("Eco");
    assertThat(tags("later", "2")).containsExactly("Eco");
    assertThat(library.muchLater("3").get().author()).isEqualTo("Eco");
    assertThat(library.muchLater("3").get().author()).isEqualTo("Eco");
    assertThat(tags("later", "3")).containsExactly("Eco");
  }

  @Test
  void aMethodThatIsCalledWithinHasNoneOfThem() {
    library.synced("1");
    library.untagged("2");
    assertThat(tags("plain", "2")).isEmpty();
  }

  @Test
  void theyMayBeOnAnInterfaceOrInAnAnnotation() {
    library.shelf("a");
    library.own("b");
    assertThat(tags("shelves", "a")).containsExactly("of the interface");
    assertThat(tags("own", "b")).containsExactly("own");
    library.evict("b");
    assertThat(manager.cache("own").get("b")).isNull();
  }

  @Test
  void theyComeToThoseOfTheSettings() {
    library.settled("a");
    assertThat(tags("settled", "a")).containsExactlyInAnyOrder("by settings", "by method");
  }

  @Test
  void theyWaitForTheTransactionWithTheirValue() {
    TransactionSynchronizationManager.setActualTransactionActive(true);
    TransactionSynchronizationManager.initSynchronization();
    try {
      library.own("a");
      assertThat(manager.cache("own").getNativeCache().size()).isZero();
      TransactionSynchronizationUtils.triggerAfterCommit();
    } finally {
      TransactionSynchronizationManager.clear();
    }
    assertThat(tags("own", "a")).containsExactly("own");
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThatThrownBy(() -> library.number("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("@CacheTags on ")
        .hasMessageContaining("number")
        .hasMessageContaining("java.lang.Integer");
  }

  @Test
  void anArgumentThatThereIsNotIsNoNull() {
    assertThatThrownBy(() -> library.typo("a"))
        .hasMessageContaining("there is no argument #nmae; there are [name]");
  }

  @Test
  void otherCachesGetTheValueAsItIs() {
    library.elsewhere("a");
    assertThat(library.elsewhere("a")).isEqualTo("a");
    Cache map = Hits.cacheOf(context.getBean("maps", CacheManager.class), "books");
    assertThat(map).isInstanceOf(ConcurrentMapCache.class);
    assertThat(map.get("a", String.class)).isEqualTo("a");
  }
}
