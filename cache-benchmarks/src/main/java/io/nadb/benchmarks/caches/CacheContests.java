package io.nadb.benchmarks.caches;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.codec.SerializationCodec;
import io.nadb.spring.cache.NadbCacheManager;
import io.nadb.spring.cache.NadbCacheSettings;
import io.nadb.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Put and get of caches, by JCache and by Spring. */
final class CacheContests {
  private static final String ON_REDIS = "nadb:redis:";
  private static final String REDIS = "RedisCacheManager";

  private CacheContests() {}

  /** What is put and got, and how much of it. */
  record Sizes(int entries, int operations) {

    String key(int number) {
      return "book:" + Math.floorMod(number * 7919, entries);
    }
  }

  static List<Contest> ofJCache(JCaches caches, Sizes sizes) {
    Book[] books = books(sizes);
    byte[][] texts = new byte[books.length][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = books[i].text().getBytes(UTF_8);
    }
    List<Contest> contests = new ArrayList<>();
    contests.addAll(
        contests(
            "JCache", caches.create("books", Book.class), books, sizes, book -> book.pages() >= 0));
    contests.addAll(
        contests(
            "JCache, bytes",
            caches.create("texts", byte[].class),
            texts,
            sizes,
            bytes -> bytes[0] == 'A'));
    return contests;
  }

  private static <V> List<Contest> contests(
      String title,
      Map<String, javax.cache.Cache<String, V>> caches,
      V[] values,
      Sizes sizes,
      Predicate<V> isRight) {
    List<Contender> puts = new ArrayList<>();
    List<Contender> gets = new ArrayList<>();
    caches.forEach(
        (label, cache) -> {
          for (int i = 0; i < values.length; i++) {
            cache.put("book:" + i, values[i]);
          }
          puts.add(new Contender(label, i -> cache.put(sizes.key(i), values[i % values.length])));
          gets.add(new Contender(label, i -> check(cache.get(sizes.key(i)), isRight)));
        });
    return List.of(
        new Contest(
            title + ": put", puts, sizes.operations(), new Contest.Goal(JCaches.EHCACHE_DISK, 5)),
        new Contest(
            title + ": get",
            gets,
            sizes.operations(),
            new Contest.Goal(JCaches.EHCACHE_OFF_HEAP, 1)));
  }

  static List<Contest> ofSpring(
      JCaches jcaches, Path directory, RedisServer redis, Sizes sizes, Closing closing) {
    Map<String, Cache> caches = new LinkedHashMap<>();
    KeyValueStore store =
        closing.add(NadbDriverManager.open("nadb:fs:" + directory.resolve("spring")));
    caches.put(JCaches.NADB, nadb(store));
    caches.put(JCaches.EHCACHE_DISK, cache(new JCacheCacheManager(jcaches.ehcache()), "books"));
    caches.put("Caffeine, by reference", cache(new CaffeineCacheManager("books"), "books"));
    List<Contest> contests = contests("Spring cache", caches, sizes);

    Map<String, Cache> shared = new LinkedHashMap<>();
    shared.put(ON_REDIS, nadb(closing.add(NadbDriverManager.open(redis.url()))));
    LettuceConnectionFactory lettuce = closing.add(connection(redis));
    RedisCacheManager manager = RedisCacheManager.create(lettuce);
    manager.afterPropertiesSet();
    shared.put(REDIS, cache(manager, "books"));
    List<Contest> all = new ArrayList<>(contests);
    all.addAll(
        contests(
            "Spring cache on Redis", shared, new Sizes(sizes.entries(), sizes.operations() / 20)));
    return all;
  }

  /** Connects to a server as Spring does. */
  static LettuceConnectionFactory connection(RedisServer redis) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory("localhost", redis.port());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  private static Cache nadb(KeyValueStore store) {
    return cache(
        NadbCacheManager.builder(store)
            .cache("books", NadbCacheSettings.of(SerializationCodec.of(Book.class)))
            .build(),
        "books");
  }

  private static Cache cache(CacheManager manager, String name) {
    if (manager instanceof JCacheCacheManager jcache) {
      jcache.afterPropertiesSet();
    }
    return Objects.requireNonNull(manager.getCache(name), name);
  }

  private static List<Contest> contests(String title, Map<String, Cache> caches, Sizes sizes) {
    List<Contender> puts = new ArrayList<>();
    List<Contender> gets = new ArrayList<>();
    Book[] books = books(sizes);
    caches.forEach(
        (label, cache) -> {
          for (int i = 0; i < sizes.entries(); i++) {
            cache.put("book:" + i, books[i]);
          }
          puts.add(new Contender(label, i -> cache.put(sizes.key(i), books[i % sizes.entries()])));
          gets.add(
              new Contender(
                  label,
                  i -> check(cache.get(sizes.key(i), Book.class), book -> book.pages() >= 0)));
        });
    return List.of(
        new Contest(title + ": put", puts, sizes.operations(), null),
        new Contest(title + ": get", gets, sizes.operations(), null));
  }

  private static Book[] books(Sizes sizes) {
    Book[] books = new Book[sizes.entries()];
    for (int i = 0; i < books.length; i++) {
      books[i] = Book.of(i);
    }
    return books;
  }

  private static <V> void check(@Nullable V found, Predicate<V> isRight) {
    if (found == null || !isRight.test(found)) {
      throw new IllegalStateException("the cache has lost an entry: " + found);
    }
  }
}
