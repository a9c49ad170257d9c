package io.nadb.spring.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.codec.Codec;
import io.nadb.testing.ChildJvm;
import io.nadb.testkit.redis.RedisCluster;
import io.nadb.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sync = true} in several JVMs that share a Redis. */
class SharedLoadsIT {
  /** Of this run alone, on a server that may be anybody's. */
  private static final String DATABASE = "db=loads-" + UUID.randomUUID();

  private static final int JVMS = 3;

  private static RedisServer server;
  private static RedisCluster cluster;

  @BeforeAll
  static void startServers() {
    server = RedisServer.findOrStart();
    cluster = RedisCluster.start(3);
  }

  @AfterAll
  static void stopServers() {
    server.close();
    cluster.close();
  }

  /** What one JVM has: a registry, a store, and a manager of caches. */
  private record Application(StoreRegistry registry, NadbCacheManager manager)
      implements AutoCloseable {

    static Application start(String url, Duration lease) {
      StoreRegistry registry = StoreRegistry.create();
      KeyValueStore store = registry.open(url);
      return new Application(
          registry,
          NadbCacheManager.builder(store)
              .defaults(NadbCacheSettings.of(Codec.strings()).withLoadLease(lease))
              .build());
    }

    NadbCache cache() {
      return manager.cache("c");
    }

    @Override
    public void close() {
      manager.close();
      registry.close();
    }
  }

  /** A JVM that loads, for as long as nobody gives it the value. */
  static final class Loading {
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
      try (Application other = Application.start(arguments[0], Duration.parse(arguments[1]))) {
        other
            .cache()
            .get(
                arguments[2],
                () -> {
                  System.out.println("loading");
                  return new String(new byte[] {(byte) System.in.read()}, US_ASCII);
                });
        System.out.println("loaded");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "cluster"})
  void ofSeveralThatWantAKeyAtOnceOneLoadsIt(String kind) throws Exception {
    String url = kind.equals("cluster") ? cluster.url(DATABASE) : server.url(DATABASE);
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch wanted = new CountDownLatch(JVMS);
    List<Application> applications = new ArrayList<>();
    List<FutureTask<String>> tasks = new ArrayList<>();
    try {
      for (int i = 0; i < JVMS; i++) {
        Application application = Application.start(url, Duration.ofMinutes(5));
        applications.add(application);
        FutureTask<String> task =
            new FutureTask<>(
                () -> {
                  wanted.countDown();
                  return application
                      .cache()
                      .get(
                          "k",
                          () -> {
                            wanted.await();
                            return "v" + loads.incrementAndGet();
                          });
                });
        tasks.add(task);
      }
      tasks.forEach(task -> new Thread(task).start());

      for (FutureTask<String> task : tasks) {
        assertThat(task.get()).isEqualTo("v1");
      }
      assertThat(loads).hasValue(1);
      assertThat(applications.get(0).cache().getNativeCache().keys("\u0001"))
          .as("leases")
          .isEmpty();
    } finally {
      applications.forEach(Application::close);
    }
  }

  @Test
  void theValueOfAnotherJvmIsWaitedFor() throws Exception {
    try (ChildJvm other = loading("slow", Duration.ofMinutes(5));
        Application here = Application.start(server.url(DATABASE), Duration.ofMinutes(5))) {
      FutureTask<String> task =
          new FutureTask<>(
              () ->
                  here.cache()
                      .get(
                          "slow",
                          () -> {
                            throw new AssertionError("loaded twice");
                          }));
      new Thread(task).start();

      assertThat(other.ask("7")).isEqualTo("loaded");
      assertThat(task.get()).isEqualTo("7");
    }
  }

  @Test
  void aJvmThatIsKilledWhileItLoadsHoldsNobodyForLongerThanItsLease() throws Exception {
    Duration lease = Duration.ofMillis(500);
    try (ChildJvm other = loading("dead", lease);
        Application here = Application.start(server.url(DATABASE), lease)) {
      other.kill();

      assertThat(here.cache().get("dead", () -> "v")).isEqualTo("v");
    }
  }

  private static ChildJvm loading(String key, Duration lease) throws Exception {
    ChildJvm other = ChildJvm.start(Loading.class, server.url(DATABASE), lease.toString(), key);
    assertThat(other.line()).isEqualTo("loading");
    return other;
  }
}
