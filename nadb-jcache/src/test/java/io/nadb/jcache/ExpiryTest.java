package io.nadb.jcache;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What expires goes by the store's clock. */
class ExpiryTest {
  private static final Duration TEN_SECONDS = new Duration(SECONDS, 10);

  private final Managers managers = new Managers();

  @NadbStore private NadbHarness harness;
  @NadbStore private VirtualTime time;

  private CacheManager manager;

  /** A policy that says what it is told to. */
  private record Says(Duration created, @Nullable Duration accessed, @Nullable Duration updated)
      implements ExpiryPolicy {
    @Override
    public Duration getExpiryForCreation() {
      return created;
    }

    @Override
    public @Nullable Duration getExpiryForAccess() {
      return accessed;
    }

    @Override
    public @Nullable Duration getExpiryForUpdate() {
      return updated;
    }
  }

  @BeforeEach
  void open() {
    manager = managers.open(harness.testUrl("nadb:fs:./cache?sweep=1m"));
  }

  @AfterEach
  void close() {
    managers.close();
  }

  private Cache<String, String> cache(ExpiryPolicy policy) {
    return manager.createCache(
        "c", new MutableConfiguration<String, String>().setExpiryPolicyFactory(() -> policy));
  }

  private void pass(long millis) {
    time.advance(java.time.Duration.ofMillis(millis));
  }

  @Test
  void anEntryIsGoneTheMomentItsTimeHasPassed() {
    Cache<String, String> cache = cache(new CreatedExpiryPolicy(TEN_SECONDS));
    cache.put("k", "v");

    pass(9_999);
    assertThat(cache.get("k")).isEqualTo("v");

    pass(1);
    assertThat(cache.get("k")).isNull();
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache).isEmpty();
    assertThat(cache.putIfAbsent("k", "w")).isTrue();
  }

  @Test
  void anotherValueKeepsTheTimeOfAnEntryThatExpiresAfterItsCreation() {
    Cache<String, String> cache = cache(new CreatedExpiryPolicy(TEN_SECONDS));
    cache.put("k", "v");
    pass(9_000);
    cache.put("k", "w");
    pass(1_000);
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void aReadThatEndsAnEntryEndsNoneThatWasPutMeanwhile() {
    Cache<String, String> cache = cache(new Says(Duration.ETERNAL, Duration.ZERO, null));
    cache.put("k", "v");
    harness.faults().afterNextRead("s:k", () -> cache.put("k", "w"));

    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(cache.get("k")).isEqualTo("w");
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void anotherValueGivesNewTimeToAnEntryThatExpiresAfterItsUpdate() {
    Cache<String, String> cache = cache(new ModifiedExpiryPolicy(TEN_SECONDS));
    cache.put("k", "v");
    pass(9_000);
    cache.replace("k", "v", "w");
    pass(9_999);
    assertThat(cache.get("k")).isEqualTo("w");
    pass(1);
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void aReadGivesNewTimeAndALookDoesNot() {
    Cache<String, String> cache = cache(new AccessedExpiryPolicy(TEN_SECONDS));
    cache.put("read", "v");
    cache.put("processed", "v");
    cache.put("compared", "v");
    cache.put("iterated", "v");
    cache.put("looked at", "v");
    pass(9_000);
    cache.get("read");
    cache.invoke("processed", (entry, arguments) -> entry.getValue());
    cache.remove("compared", "w");
    cache.iterator().forEachRemaining(entry -> assertThat(entry.getValue()).isEqualTo("v"));
    pass(9_000);
    assertThat(cache)
        .extracting(Cache.Entry::getKey)
        .containsExactlyInAnyOrder("read", "processed", "compared", "iterated", "looked at");

    pass(9_000);
    cache.containsKey("looked at");
    cache.get("read");
    cache.invoke("processed", (entry, arguments) -> entry.getValue());
    cache.replace("compared", "w", "x");
    pass(9_000);
    assertThat(cache.getAll(java.util.Set.of("read", "processed", "compared", "looked at")))
        .containsOnlyKeys("read", "processed", "compared");
  }

  @Test
  void aReadMayMakeAnEntryLastForEver() {
    Cache<String, String> cache = cache(new Says(TEN_SECONDS, Duration.ETERNAL, null));
    cache.put("read", "v");
    cache.put("processed", "w");
    cache.get("read");
    cache.invoke("processed", (entry, arguments) -> entry.getValue());
    pass(java.time.Duration.ofDays(365).toMillis());
    assertThat(cache.get("read")).isEqualTo("v");
    assertThat(cache.get("processed")).isEqualTo("w");
  }

  @Test
  void aTimeThatNobodyLivesToSeeIsForEver() {
    Cache<String, String> cache =
        cache(new CreatedExpiryPolicy(new Duration(SECONDS, Long.MAX_VALUE)));
    cache.put("k", "v");
    KeyValueStore store = cache.unwrap(KeyValueStore.class);
    assertThat(store.metadata("s:k").orElseThrow().expiresAt()).isEmpty();
  }

  @Test
  void whatHasExpiredIsToldWithItsValueWhenItIsSwept() {
    Cache<String, String> cache = cache(new CreatedExpiryPolicy(TEN_SECONDS));
    Heard<String, String> heard = new Heard<>();
    cache.registerCacheEntryListener(Managers.listening(heard, true));
    cache.put("k", "v");
    pass(59_999);
    assertThat(heard.events()).containsExactly("CREATED k: null -> v");

    pass(1);
    assertThat(heard.events()).containsExactly("CREATED k: null -> v", "EXPIRED k: v -> v");
  }

  @Test
  void nothingIsToldOnceAListenerIsGone() {
    Cache<String, String> cache = cache(new CreatedExpiryPolicy(TEN_SECONDS));
    Heard<String, String> heard = new Heard<>();
    var listening = Managers.listening(heard, true);
    cache.registerCacheEntryListener(listening);
    cache.put("k", "v");
    cache.deregisterCacheEntryListener(listening);
    pass(60_000);
    cache.put("l", "v");
    assertThat(heard.events()).containsExactly("CREATED k: null -> v");
  }

  @Test
  void whatAnUpdateOrAReadEndsIsToldAsExpired() {
    Cache<String, String> cache = cache(new Says(Duration.ETERNAL, Duration.ZERO, Duration.ZERO));
    Heard<String, String> heard = new Heard<>();
    cache.registerCacheEntryListener(Managers.listening(heard, true));
    cache.put("updated", "v");
    cache.put("updated", "w");
    cache.put("read", "v");
    assertThat(cache.get("read")).isEqualTo("v");
    cache.put("processed", "v");
    cache.invoke("processed", (entry, arguments) -> entry.getValue());
    assertThat(cache).isEmpty();
    assertThat(heard.events())
        .containsExactly(
            "CREATED updated: null -> v",
            "EXPIRED updated: w -> w",
            "CREATED read: null -> v",
            "EXPIRED read: v -> v",
            "CREATED processed: null -> v",
            "EXPIRED processed: v -> v");
  }

  @Test
  void aPolicyThatFailsSetsNoTime() {
    Cache<String, String> cache =
        cache(
            new ExpiryPolicy() {
              @Override
              public Duration getExpiryForCreation() {
                throw new IllegalStateException("no idea");
              }

              @Override
              public Duration getExpiryForAccess() {
                throw new IllegalStateException("no idea");
              }

              @Override
              public Duration getExpiryForUpdate() {
                throw new IllegalStateException("no idea");
              }
            });
    cache.put("k", "v");
    cache.put("k", "w");
    assertThat(cache.get("k")).isEqualTo("w");
    pass(java.time.Duration.ofDays(365).toMillis());
    assertThat(cache.get("k")).isEqualTo("w");
  }
}
