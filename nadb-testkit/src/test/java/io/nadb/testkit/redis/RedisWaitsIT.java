package io.nadb.testkit.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.StoreStats;
import io.nadb.TimeSource;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that rest, and calls that wait: every wait ends, and what rests is tried first. */
class RedisWaitsIT extends OwnServers {
  @Test
  void onlyTheFirstCallNoticesThatAllConnectionsWereCut() throws Exception {
    RedisServer server = owned(RedisServer.start());
    RedisProxy proxy = owned(RedisProxy.to(server));
    StoreRegistry still = owned(StoreRegistry.create(new VirtualTime()));
    KeyValueStore store = still.open("nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off");
    store.set("k", OLD);
    server.command("CLIENT", "PAUSE", "500", "ALL");
    run(4, () -> store.get("k")); // At the same time, so each on a connection of its own.
    assertThat(proxy.connections()).isEqualTo(1 + 4);
    proxy.cut();

    assertThatThrownBy(() -> store.set("k", NEW)).isInstanceOf(NadbConnectionException.class);
    long before = store.stats().sets();
    server.command("CLIENT", "PAUSE", "500", "ALL");
    run(4, () -> store.set("k", NEW));
    assertThat(store.stats().sets() - before).isEqualTo(4);
    assertThat(text(store, "k")).contains("new");
  }

  @Test
  void nobodyNoticesThatConnectionsWereClosedWhileTheyRested() throws Exception {
    RedisServer server = owned(RedisServer.start());
    RedisProxy proxy = owned(RedisProxy.to(server));
    VirtualTime time = new VirtualTime();
    StoreRegistry registry = owned(StoreRegistry.create(time));
    KeyValueStore store = registry.open("nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off");
    store.set("k", OLD);
    server.command("CLIENT", "PAUSE", "500", "ALL");
    run(4, () -> store.get("k"));
    proxy.cut();
    time.advance(ofSeconds(1));

    run(4, () -> store.set("k", NEW));
    assertThat(store.stats().sets()).isEqualTo(5);
    long before = proxy.roundTrips();
    store.set("k", NEW);
    assertThat(proxy.roundTrips() - before).as("what has not rested is not tried").isEqualTo(1);
  }

  /** Does something on several threads at once. */
  private static void run(int times, Runnable action) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Thread thread = new Thread(action);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aSlowServerIsATimeoutAndNoHang() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore store = open(server.port(), "&timeout=200ms");
    store.set("k", OLD);
    server.command("CLIENT", "PAUSE", "2000", "ALL");

    assertThatThrownBy(() -> store.get("k"))
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessageContaining("no answer within 200 ms");
    assertThatThrownBy(() -> store.set("k", NEW))
        .isInstanceOf(NadbException.class)
        .isNotInstanceOf(IllegalStateException.class);
    server.command("PING"); // Is answered when the pause is over.

    assertThat(store.get("k")).isPresent();
    store.set("k", NEW);
    assertThat(text(store, "k")).contains("new");
  }

  @Test
  void aTimeoutTellsWhetherTheWriteIsInDoubt() {
    RedisServer server = owned(RedisServer.start());
    KeyValueStore store = open(server.port(), "&timeout=200ms");
    store.set("k", OLD);
    server.command("CLIENT", "PAUSE", "1000", "ALL");

    assertTimeout(() -> store.set("k", NEW), true);
    assertTimeout(() -> store.set("k", NEW), false); // Not even a new connection gets an answer.
    assertTimeout(() -> store.get("k"), false);
    server.command("PING");
    assertThat(text(store, "k")).isPresent();
  }

  private static void assertTimeout(ThrowingCallable call, boolean inDoubt) {
    assertThatThrownBy(call)
        .isInstanceOf(NadbTimeoutException.class)
        .asInstanceOf(type(NadbTimeoutException.class))
        .extracting(NadbTimeoutException::inDoubt)
        .isEqualTo(inDoubt);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void toSendToAServerThatHasStoppedIsATimeoutHoweverMuchItIs(boolean tls) throws Exception {
    RedisServer.Builder builder = RedisServer.builder();
    RedisServer server = owned((tls ? builder.tls() : builder).start());
    StoreRegistry registry = owned(StoreRegistry.create(new TimeOfWaits()));
    KeyValueStore store = registry.open(server.url("timeout=3s", "sweep=off"));
    store.set("k", OLD);
    String pid = server.command("INFO", "server").replaceAll("(?s).*process_id:(\\d+).*", "$1");
    signal("-STOP", pid);
    try {
      assertTimeout(() -> store.set("k", new byte[20 << 20]), true);
    } finally {
      signal("-CONT", pid);
    }

    store.set("k", NEW);
    assertThat(text(store, "k")).contains("new");
  }

  /** Stands still but for waits that end in vain, so that no connection rests. */
  private static final class TimeOfWaits implements TimeSource {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public Instant now() {
      return TimeSource.system().now();
    }

    @Override
    public Optional<Instant> serverTime() {
      return TimeSource.system().serverTime();
    }

    @Override
    public long nanoTime() {
      return nanos.get();
    }

    @Override
    public Alarm newAlarm(String owner) {
      return TimeSource.system().newAlarm(owner);
    }

    @Override
    public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
      boolean inTime = TimeSource.system().await(done, timeout);
      nanos.addAndGet(inTime ? 0 : timeout.toNanos());
      return inTime;
    }
  }

  private static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }

  @Test
  @Timeout(60)
  void closingEndsEveryWait() throws Exception {
    RedisServer server = owned(RedisServer.start());
    VirtualTime time = new VirtualTime();
    StoreRegistry registry = owned(StoreRegistry.create(time));
    KeyValueStore store =
        registry.open(
            "nadb:redis://127.0.0.1:" + server.port() + "?timeout=10m&connections=1&sweep=off");
    store.set("k", OLD);
    server.command("CLIENT", "PAUSE", "120000", "ALL");
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    Thread calls =
        new Thread(
            () -> {
              try {
                run(
                    3,
                    () -> {
                      try {
                        store.get("k");
                      } catch (RuntimeException e) {
                        failures.add(e);
                      }
                    });
              } catch (InterruptedException e) {
                failures.add(e);
              }
            });
    calls.start();
    time.awaitWaiting(2); // One has the connection, and the others wait for it.
    store.close();
    calls.join();

    assertThat(failures).hasSize(3).hasOnlyElementsOfType(IllegalStateException.class);
  }

  /** An answer that comes in pieces, with long silences between them, is waited for in turns. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(60)
  void anAnswerMayStopAndGoOnAnywhere(boolean tls) throws Exception {
    RedisServer.Builder builder = RedisServer.builder();
    RedisServer server = owned((tls ? builder.tls() : builder).start());
    StutteringRelay relay = owned(new StutteringRelay(server.port()));
    KeyValueStore store =
        registry.open(
            server
                .url("timeout=10s", "sweep=off")
                .replace(":" + server.port(), ":" + relay.port()));
    byte[] value = new byte[40_000];
    Arrays.fill(value, (byte) 7);
    store.set("k", value);
    relay.stutter(3, 1, 4, 20_000, 2); // Within a head, and within what follows it.

    assertThat(store.get("k")).contains(value);
    assertThat(text(store, "absent")).isEmpty();
    assertThat(relay.stops()).isEqualTo(5);
  }

  @Test
  void everyConnectionInUseIsATimeoutAfterABoundedWait() {
    RedisServer server = owned(RedisServer.start());
    RedisProxy proxy = owned(RedisProxy.to(server));
    StoreRegistry registry = owned(StoreRegistry.create(new TimeOfWaits())); // None has rested.
    KeyValueStore store =
        registry.open(
            "nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off&timeout=300ms&connections=1");
    store.set("k", OLD);
    long before = proxy.roundTrips();
    server.command("CLIENT", "PAUSE", "2500", "ALL");
    // It has three seconds more than the others, by its size.
    CompletableFuture<Void> holder =
        CompletableFuture.runAsync(() -> store.set("large", new byte[32 << 20]));
    while (proxy.roundTrips() == before) {
      Thread.onSpinWait(); // It is taking the connection.
    }

    assertThatThrownBy(() -> store.get("k"))
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessageContaining("all 1 connections were in use");
    holder.join();
    assertThat(text(store, "k")).contains("old");

    StoreStats stats = store.stats();
    assertThat(stats.connectionWaits()).isOne();
    assertThat(stats.connectionTimeouts()).isOne();
    proxy.cut();
    assertThat(text(store, "k")).contains("old");
    assertThat(store.stats().connectionsMade()).isEqualTo(stats.connectionsMade() + 1);
  }
}
