package io.nadb.spring.cache;

import static io.nadb.spring.cache.Hits.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.codec.Codec;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;

/** Two caches on one store, as two JVMs have them. */
class SharedLoadsTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final String LEASE_OF_K = "\u0001lease:k";
  private static final Callable<String> NEVER =
      () -> {
        throw new AssertionError("loaded twice");
      };

  @NadbStore(value = "nadb:mem:shared", group = "cache")
  private KeyValueStore store;

  @NadbStore(group = "cache")
  private VirtualTime time;

  private NadbCache here;
  private NadbCache there;

  @BeforeEach
  void open() {
    here = cache();
    there = cache();
  }

  private NadbCache cache() {
    return new NadbCache(
        "c", store, NadbCacheSettings.of(Codec.strings()), new SharedLoads(store, LEASE, time));
  }

  private FutureTask<String> loadThere(Callable<String> loader) {
    FutureTask<String> task = new FutureTask<>(() -> there.get("k", loader));
    new Thread(task).start();
    return task;
  }

  @Test
  void whoComesWhileAnotherLoadsWaitsForItsValue() throws Exception {
    FutureTask<String>[] other = newTask();
    String loaded =
        here.get(
            "k",
            () -> {
              other[0] = loadThere(NEVER);
              time.awaitWaiting(1);
              assertThat(store.metadata(LEASE_OF_K).orElseThrow().expiresAt())
                  .contains(time.now().plus(LEASE));
              return "v";
            });

    assertThat(loaded).isEqualTo("v");
    time.advance(Duration.ofMillis(100));
    assertThat(other[0].get()).isEqualTo("v");
    assertThat(store.keys("")).as("the lease is gone").containsExactly("k");
  }

  @Test
  void aLoadIsGoodAlsoIfItsLeaseCantBeTakenAway() throws Exception {
    KeyValueStore failing =
        (KeyValueStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("delete")) {
                    throw new NadbException("the server is gone");
                  }
                  return true; // The lease is there for the taking.
                });

    assertThat(new SharedLoads(failing, LEASE, time).load("k", () -> null, () -> "v"))
        .isEqualTo("v");
  }

  @Test
  void withoutALeaseAndWhereNobodyElseLoadsNothingIsShared() {
    KeyValueStore onAServer =
        (KeyValueStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> Set.of()); // What it can do, all that is asked.

    assertThat(SharedLoads.of(onAServer, LEASE)).isNotNull();
    assertThat(SharedLoads.of(onAServer, Duration.ZERO)).isNull();
    assertThat(SharedLoads.of(store, LEASE)).isNull();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static FutureTask<String>[] newTask() {
    return new FutureTask[1];
  }

  @Test
  void whoseLoaderFailsLeavesItToTheOther() throws Exception {
    FutureTask<String>[] other = newTask();
    assertThatThrownBy(
            () ->
                here.get(
                    "k",
                    () -> {
                      other[0] = loadThere(() -> "theirs");
                      time.awaitWaiting(1);
                      throw new IllegalStateException("expected");
                    }))
        .isInstanceOf(ValueRetrievalException.class);

    time.advance(Duration.ofMillis(100));
    assertThat(other[0].get()).isEqualTo("theirs");
    assertThat(value(here.get("k"))).isEqualTo("theirs");
  }

  @Test
  void aJvmThatDiesWhileItLoadsHoldsNobodyForLongerThanItsLease() throws Exception {
    store.set(LEASE_OF_K, "of the dead".getBytes(UTF_8), SetOptions.ttl(LEASE));
    FutureTask<String> other = loadThere(() -> "v");
    time.awaitWaiting(1);

    time.advance(LEASE.minusMillis(1));
    time.awaitWaiting(1);
    assertThat(other).as("the lease holds").isNotDone();
    while (!other.isDone()) {
      time.advance(Duration.ofMillis(100));
    }

    assertThat(other.get()).isEqualTo("v");
    assertThat(store.keys("")).containsExactly("k");
  }

  @Test
  void aLoadThatOutlivesItsLeaseTakesNobodyElsesAway() {
    here.get(
        "k",
        () -> {
          time.advance(LEASE);
          store.set(LEASE_OF_K, "of another".getBytes(UTF_8), SetOptions.ttl(LEASE));
          return "late";
        });
    assertThat(store.get(LEASE_OF_K)).contains("of another".getBytes(UTF_8));
  }

  @Test
  void whatSomebodyHasPutJustBeforeTheLeaseIsNotLoadedAgain() {
    assertThat(here.get("k", () -> "v")).isEqualTo("v");
    assertThat(there.get("k", NEVER)).isEqualTo("v");
  }

  @Test
  void whoIsInterruptedLoadsForItself() throws Exception {
    store.set(LEASE_OF_K, "of another".getBytes(UTF_8), SetOptions.ttl(LEASE));
    Thread.currentThread().interrupt();
    try {
      assertThat(here.get("k", () -> "mine")).isEqualTo("mine");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(store.contains(LEASE_OF_K)).isTrue();
  }

  @Test
  void aNegativeLeaseIsRefused() {
    NadbCacheSettings settings = NadbCacheSettings.of(Codec.strings());
    assertThatThrownBy(() -> settings.withLoadLease(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    assertThat(SharedLoads.of(store, LEASE)).as("this JVM has the store alone").isNull();
  }
}
