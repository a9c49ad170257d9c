package io.nadb.spring.cache;

import static io.nadb.spring.cache.Hits.retrieved;
import static io.nadb.spring.cache.Hits.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.codec.Codec;
import io.nadb.codec.Jackson3Codec;
import io.nadb.codec.SerializationCodec;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.Faults;
import io.nadb.testkit.VirtualTime;
import java.io.NotSerializableException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;

class NadbCacheTest {
  private static final NadbCacheSettings TEXT = NadbCacheSettings.of(Codec.strings());

  @NadbStore(group = "cache")
  private KeyValueStore store;

  @NadbStore(group = "cache")
  private VirtualTime time;

  @NadbStore(group = "cache")
  private Faults faults;

  @Test
  void entriesExpireAfterTheTtlOfTheCache() {
    NadbCache cache = new NadbCache("c", store, TEXT.withTtl(Duration.ofMinutes(10)));
    cache.put("k", "v");
    cache.putIfAbsent("l", "v");
    cache.get("m", () -> "v");

    time.advance(Duration.ofMinutes(10).minusMillis(1));
    assertThat(value(cache.get("k"))).isEqualTo("v");
    time.advance(Duration.ofMillis(1));
    for (String key : List.of("k", "l", "m")) {
      assertThat(cache.get(key)).isNull();
    }
  }

  @Test
  void entriesHaveATtlOfTheirOwn() {
    NadbCache cache =
        new NadbCache(
            "c",
            store,
            TEXT.withTtl((key, value) -> value == null ? Duration.ofSeconds(5) : Duration.ZERO));
    cache.put("k", "v");
    cache.put("null", null);

    time.advance(Duration.ofSeconds(5));
    assertThat(cache.get("null")).isNull();
    assertThat(cache.get("k")).isNotNull();
    assertThat(store.metadata("k").orElseThrow().expiresAt()).isEmpty();
  }

  @Test
  void aNegativeTtlIsRefused() {
    assertThatThrownBy(() -> TEXT.withTtl(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    NadbCache cache =
        new NadbCache("c", store, TEXT.withTtl((key, value) -> Duration.ofSeconds(-1)));
    assertThatThrownBy(() -> cache.put("k", "v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of a cache");
  }

  @Test
  void whatHasAllTheTagsIsEvictedTogether() {
    NadbCache cache =
        new NadbCache(
            "c", store, TEXT.withTags((key, value) -> List.of("all", String.valueOf(value))));
    cache.put("1", "red");
    cache.put("2", "red");
    cache.put("3", "blue");
    cache.put("4", null);

    assertThat(cache.evictByTags("all", "red")).isEqualTo(2);
    assertThat(store.keys("")).containsExactly("3", "4");
    assertThat(cache.evictByTags("null")).isEqualTo(1);
    assertThat(cache.evictByTags("green")).isZero();
    assertThat(cache.statistics().evictions()).isEqualTo(3);
    assertThatThrownBy(() -> cache.evictByTags()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatSomebodyElseHasEvictedMeanwhileIsNotCounted() {
    NadbCache cache =
        new NadbCache("c", whereKeyOneGoesDuringAQuery(), TEXT.withTags((k, v) -> List.of("t")));
    cache.put("1", "v");
    cache.put("2", "v");

    assertThat(cache.evictByTags("t")).isEqualTo(1);
    assertThat(cache.statistics().evictions()).isEqualTo(1);
  }

  private KeyValueStore whereKeyOneGoesDuringAQuery() {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(store, arguments);
              if (method.getName().equals("queryByTags")) {
                store.delete("1");
              }
              return answer;
            });
  }

  @Test
  void theCacheCountsItself() {
    NadbCache cache = new NadbCache("c", store, TEXT);
    cache.get("k");
    cache.put("k", "v");
    cache.get("k");
    cache.get("k", () -> "w");
    cache.get("l", () -> "w");
    assertThat(cache.retrieve("k")).isDone();
    cache.putIfAbsent("k", "x");
    cache.putIfAbsent("m", "x");
    cache.evict("m");
    cache.evict("m");

    assertThat(cache.statistics()).isEqualTo(new NadbCacheStatistics(3, 2, 3, 1, 0));
  }

  @Test
  void aValueThatCantBeReadIsAMissThatIsLoggedOnce() {
    NadbCache cache =
        new NadbCache("c", store, NadbCacheSettings.of(Jackson3Codec.of(Integer.class)));
    NadbCache old = new NadbCache("c", store, TEXT);
    List<String> log = new ArrayList<>();
    Listening listening = new Listening(log);
    try {
      for (String key : List.of("a", "b", "c")) {
        old.put(key, "text");
      }
      store.set("d", "raw".getBytes(UTF_8));

      assertThat(cache.get("a")).isNull();
      assertThat(cache.get("b", () -> 2)).isEqualTo(2);
      assertThat(cache.putIfAbsent("c", 3)).isNull();
      assertThat(cache.get("d")).isNull();
    } finally {
      listening.close();
    }

    assertThat(store.keys("")).containsExactly("b", "c");
    assertThat(cache.statistics().unreadable()).isEqualTo(4);
    assertThat(log)
        .singleElement()
        .asString()
        .contains("cache 'c' has dropped an entry", "key 'a'", "utf-8", "json.jackson3");
  }

  @Test
  void whatCanBeReadAgainIsNotDropped() {
    NadbCache cache =
        new NadbCache("c", store, NadbCacheSettings.of(Jackson3Codec.of(Integer.class)));
    new NadbCache("c", store, TEXT).put("k", "text");
    faults.afterNextRead("k", () -> cache.put("k", 1));

    assertThat(value(cache.get("k"))).isEqualTo(1);
    assertThat(value(cache.get("k"))).isEqualTo(1);

    // The value is put after the second look, and before what can't be read is dropped.
    new NadbCache("c", store, TEXT).put("k", "text");
    faults.afterNextRead(
        "k",
        () -> faults.afterNextRead("k", () -> faults.afterNextRead("k", () -> cache.put("k", 2))));
    assertThat(cache.get("k")).isNull();
    assertThat(value(cache.get("k"))).isEqualTo(2);
  }

  @Test
  void aLoaderThatWantsItsOwnKeyIsToldSoInsteadOfWaitingForItself() {
    NadbCache cache = new NadbCache("c", store, TEXT);

    assertThatThrownBy(() -> cache.get("k", () -> cache.get("k", () -> "v")))
        .isInstanceOf(ValueRetrievalException.class)
        .rootCause()
        .hasMessageContaining("wait for itself");
    assertThat(cache.get("k", () -> "v")).isEqualTo("v");
  }

  @Test
  void whoWaitsForALoadMayBeInterrupted() throws Exception {
    NadbCache cache = new NadbCache("c", store, TEXT);
    AtomicReference<Throwable> seen = new AtomicReference<>();
    cache.get(
        "k",
        () -> {
          Thread waiter =
              new Thread(
                  () -> {
                    Thread.currentThread().interrupt();
                    try {
                      cache.get("k", () -> "never");
                    } catch (ValueRetrievalException e) {
                      seen.set(Thread.interrupted() ? e.getCause() : e);
                    }
                  });
          waiter.start();
          waiter.join();
          return "v";
        });

    assertThat(seen.get()).isInstanceOf(InterruptedException.class);
    assertThat(value(cache.get("k"))).isEqualTo("v");
  }

  @Test
  void retrieveTellsNullFromAMiss() throws Exception {
    NadbCache cache = new NadbCache("c", store, TEXT);
    assertThat(cache.retrieve("k")).isNull();
    cache.put("k", null);

    assertThat(value((ValueWrapper) retrieved(cache.retrieve("k")))).isNull();
    NadbCache strict = new NadbCache("c", store, TEXT.withoutNullValues());
    strict.put("k", "v");
    assertThat(retrieved(strict.retrieve("k"))).isEqualTo("v");
  }

  @Test
  void retrieveLoadsOnceForAllWhoAsk() throws Exception {
    NadbCache cache = new NadbCache("c", store, TEXT);
    CompletableFuture<String> loading = new CompletableFuture<>();
    CompletableFuture<String> first = cache.retrieve("k", () -> loading);
    CompletableFuture<String> second =
        cache.retrieve(
            "k",
            () -> {
              throw new IllegalStateException("a second load");
            });
    assertThat(first).isNotDone();
    assertThat(store.contains("k")).isFalse();

    loading.complete("v");

    assertThat(first.get()).isEqualTo("v");
    assertThat(second.get()).isEqualTo("v");
    assertThat(value(cache.get("k"))).isEqualTo("v");
    assertThat(cache.retrieve("k", () -> loading).get()).isEqualTo("v");
  }

  @Test
  void nothingIsLoadedThatALoadHasPutMeanwhile() throws Exception {
    NadbCache cache = new NadbCache("c", store, TEXT);
    faults.afterNextRead("j", () -> cache.put("j", "other"));
    assertThat(cache.get("j", () -> "second")).isEqualTo("other");

    faults.afterNextRead("k", () -> cache.put("k", "other"));

    assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture("second")).get())
        .isEqualTo("other");
  }

  @Test
  void aValueThatCantBeWrittenIsAnErrorThatNamesTheCacheAndTheClass() {
    NadbCache cache =
        new NadbCache("c", store, NadbCacheSettings.of(SerializationCodec.of(Object.class)));

    for (Runnable write :
        List.<Runnable>of(
            () -> cache.put("k", Thread.currentThread()),
            () -> cache.putIfAbsent("k", Thread.currentThread()))) {
      assertThatThrownBy(write::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cache 'c'", "java.lang.Thread", "SerializationCodec")
          .hasRootCauseInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  void retrieveLoadsAnewAfterAFailure() throws Exception {
    NadbCache cache = new NadbCache("c", store, TEXT);
    Exception failure = new IllegalStateException("expected");

    assertThatThrownBy(
            () -> cache.retrieve("k", () -> CompletableFuture.failedFuture(failure)).get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCause(failure);
    assertThatThrownBy(
            () ->
                cache
                    .retrieve(
                        "k",
                        () -> {
                          throw new IllegalStateException("expected too");
                        })
                    .get())
        .hasRootCauseMessage("expected too");
    assertThat(cache.retrieve("k", () -> CompletableFuture.completedFuture("v")).get())
        .isEqualTo("v");
  }

  @Test
  void putIfAbsentPutsWhereSomebodyHasJustEvicted() {
    NadbCache cache = new NadbCache("c", store, TEXT);
    faults.afterNextRead("k", () -> cache.put("k", "other"));

    assertThat(value(cache.putIfAbsent("k", "v"))).isEqualTo("other");
  }

  /** Collects what the cache logs. */
  private static final class Listening extends Handler {
    private final Logger logger = Logger.getLogger(CacheEntries.class.getName());
    private final List<String> log;

    Listening(List<String> log) {
      this.log = log;
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
      log.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }
}
