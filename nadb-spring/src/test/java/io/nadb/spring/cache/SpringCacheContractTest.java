package io.nadb.spring.cache;

import static io.nadb.spring.cache.Hits.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.codec.SerializationCodec;
import io.nadb.junit.NadbStore;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;

/** What Spring's own tests ask of its caches: {@code AbstractValueAdaptingCacheTests}. */
class SpringCacheContractTest {
  private static final NadbCacheSettings SETTINGS =
      NadbCacheSettings.of(SerializationCodec.of(Object.class));

  @NadbStore(group = "cache")
  private KeyValueStore store;

  @NadbStore(value = "nadb:mem:strict", group = "cache")
  private KeyValueStore other;

  private Cache cache;
  private Cache withoutNull;

  @BeforeEach
  void caches() {
    cache = new NadbCache("test", store, SETTINGS);
    withoutNull = new NadbCache("test-no-null", other, SETTINGS.withoutNullValues());
  }

  @Test
  void theCacheHasItsName() {
    assertThat(cache.getName()).isEqualTo("test");
  }

  @Test
  void theNativeCacheIsTheStore() {
    assertThat(cache.getNativeCache()).isSameAs(store);
  }

  @Test
  void whatWasPutIsThereWithItsType() {
    assertThat(cache.get("key")).isNull();
    assertThat(cache.get("key", String.class)).isNull();
    assertThat(cache.get("key", Object.class)).isNull();

    cache.put("key", "value");

    assertThat(value(cache.get("key"))).isEqualTo("value");
    assertThat(cache.get("key", String.class)).isEqualTo("value");
    assertThat(cache.get("key", Object.class)).isEqualTo("value");
    assertThat(cache.get("key", (Class<?>) null)).isEqualTo("value");
    assertThatThrownBy(() -> cache.get("key", Integer.class))
        .isInstanceOf(IllegalStateException.class);

    cache.put("key", null);

    assertThat(cache.get("key")).isNotNull();
    assertThat(value(cache.get("key"))).isNull();
    assertThat(cache.get("key", String.class)).isNull();
  }

  @Test
  void putIfAbsentReturnsWhatIsThere() {
    assertThat(cache.putIfAbsent("key", "initial")).isNull();
    assertThat(value(cache.putIfAbsent("key", "second"))).isEqualTo("initial");
    assertThat(value(cache.get("key"))).isEqualTo("initial");

    cache.put("null", null);
    assertThat(value(cache.putIfAbsent("null", "second"))).isNull();
  }

  @Test
  void whatWasEvictedIsGone() {
    cache.put("key", "value");
    cache.evict("key");
    assertThat(cache.get("key")).isNull();
    assertThat(cache.evictIfPresent("key")).isFalse();
    cache.put("key", "value");
    assertThat(cache.evictIfPresent("key")).isTrue();
  }

  @Test
  void whatWasClearedIsGone() {
    assertThat(cache.invalidate()).isFalse();
    cache.put("enescu", "george");
    cache.put("vlaicu", "aurel");
    cache.clear();
    assertThat(cache.get("enescu")).isNull();
    assertThat(cache.get("vlaicu")).isNull();
    cache.put("vlaicu", "aurel");
    assertThat(cache.invalidate()).isTrue();
    assertThat(cache.get("vlaicu")).isNull();
  }

  @Test
  void aMissIsLoadedAndPut() {
    assertThat(cache.get("key", () -> "loaded")).isEqualTo("loaded");
    assertThat(value(cache.get("key"))).isEqualTo("loaded");
  }

  @Test
  void nullIsLoadedAndPut() {
    assertThat(cache.<String>get("key", () -> null)).isNull();
    assertThat(value(cache.get("key"))).isNull();
  }

  @Test
  void aHitIsNotLoaded() {
    cache.put("key", "value");
    assertThat(cache.get("key", SpringCacheContractTest::unexpected)).isEqualTo("value");
  }

  @Test
  void aHitOfNullIsNotLoaded() {
    cache.put("key", null);
    assertThat(cache.get("key", SpringCacheContractTest::unexpected)).isNull();
  }

  private static String unexpected() {
    throw new IllegalStateException("the loader is called, though there is an entry");
  }

  @Test
  void whatTheLoaderThrowsComesWithKeyAndLoader() {
    RuntimeException failure = new UnsupportedOperationException("expected");
    Callable<String> loader =
        () -> {
          throw failure;
        };

    assertThatThrownBy(() -> cache.get("key", loader))
        .isInstanceOfSatisfying(
            ValueRetrievalException.class, e -> assertThat(e.getKey()).isEqualTo("key"))
        .hasCause(failure);
    assertThat(cache.get("key")).isNull();
    assertThat(cache.get("key", () -> "at the second time")).isEqualTo("at the second time");
  }

  @Test
  void manyThreadsLoadOnce() throws Exception {
    int threads = 10;
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      Callable<Integer> call =
          () -> {
            all.countDown();
            all.await();
            return cache.get("key", loads::incrementAndGet);
          };
      List<Future<Integer>> results =
          IntStream.range(0, threads).mapToObj(n -> executor.submit(call)).toList();
      for (Future<Integer> result : results) {
        assertThat(result.get()).isEqualTo(1);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void withoutNullValuesNullCantBePut() {
    assertThatThrownBy(() -> withoutNull.put("key", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test-no-null");
    assertThatThrownBy(() -> withoutNull.putIfAbsent("key", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> withoutNull.<String>get("key", () -> null))
        .isInstanceOf(ValueRetrievalException.class);
    assertThat(withoutNull.get("key")).isNull();
  }
}
