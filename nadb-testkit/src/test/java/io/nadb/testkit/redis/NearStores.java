package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A server, a store that keeps its entries near, and another that does not. */
@Timeout(60)
abstract class NearStores {
  static RedisServer server;
  static int number;

  final StoreRegistry here = StoreRegistry.create(TimeSource.system());
  final StoreRegistry there = StoreRegistry.create(TimeSource.system());
  RedisProxy network;
  final String db = "near" + number++;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() {
    network = RedisProxy.to(server);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
    network.close();
  }

  /** A store that keeps something near, behind a network that can be broken. */
  KeyValueStore near(String options) {
    return here.open(network.url(("near=1mb&sweep=off&db=" + db + options).split("&", -1)));
  }

  /** Another store of the same data, which does not. */
  KeyValueStore other() {
    return there.open(server.url("sweep=off", "db=" + db));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static Optional<String> text(KeyValueStore store, String key) {
    return store.get(key).map(value -> new String(value, UTF_8));
  }

  /** Waits for what comes to be within ten seconds. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** Waits until reads do not ask the server: news of earlier writes may come after the first. */
  static void assertNear(KeyValueStore store, Runnable read) {
    await(
        "it is read from near",
        () -> {
          long misses = store.stats().nearMisses();
          long hits = store.stats().nearHits();
          read.run();
          return store.stats().nearMisses() == misses && store.stats().nearHits() > hits;
        });
  }
}
