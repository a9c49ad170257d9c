package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept near is never older than it may be, whatever becomes of the connections. */
class RedisNearFaultsIT extends NearStores {
  /** More numbers than are written. */
  private static final int HISTORY = 5000;

  @Test
  void whenTheConnectionIsCutNothingIsAnsweredFromBefore() {
    KeyValueStore store = near("");
    KeyValueStore other = other();
    for (int i = 0; i < 20; i++) {
      String value = Integer.toString(i);
      other.set("k", bytes(value));
      await("it is heard of", () -> text(store, "k").equals(Optional.of(value)));
      network.cut();
    }
    await("it is kept again", () -> store.stats().nearFailure().isEmpty());

    assertThat(store.stats().nearLosses()).isPositive();
    text(store, "k");
    assertNear(store, () -> assertThat(text(store, "k")).contains("19"));
  }

  @Test
  void aServerThatIsGoneIsAnErrorAndNotAnsweredFor() {
    KeyValueStore store = near("");
    store.set("k", bytes("v"));
    assertThat(store.get("k")).isPresent();
    network.refuse();
    await("it is told", () -> store.stats().nearFailure().isPresent());

    assertThatThrownBy(() -> store.get("k")).isInstanceOf(NadbException.class);
    assertThat(store.stats().nearBytes()).isZero();
    assertThat(store.stats().nearLag()).isZero();
    network.heal();
    await("it is kept again", () -> store.stats().nearFailure().isEmpty());
    assertThat(store.get("k")).isPresent();
    assertNear(store, () -> assertThat(store.get("k")).isPresent());
  }

  /** Nothing tells that the connection is dead; so what is kept is good for a second. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSilentServerIsNotAnsweredForAfterASecond(boolean hears) {
    KeyValueStore store = near("&timeout=300ms");
    store.set("k", bytes("v"));
    assertNear(store, () -> assertThat(store.get("k")).isPresent());
    if (hears) {
      network.holdAnswers();
    } else {
      network.hang();
    }
    long silentSince = System.nanoTime();
    try {
      while (true) {
        long before = System.nanoTime();
        store.get("k");
        assertThat(before - silentSince).isLessThan(1_000_000_000);
      }
    } catch (NadbException e) {
      // The connection has rested, and is tried first; if the machine was slow, it has not.
      assertThat(e)
          .isInstanceOf(NadbTimeoutException.class)
          .hasMessageFindingMatch("no (answer|connection) within 300 ms");
    }
    network.heal();
    await("it is kept again", () -> text(store, "k").isPresent());
  }

  /**
   * One JVM sets numbers, a thousand a second; whoever reads from near sees at least the number
   * that was acknowledged a second before he asked, whatever becomes of the network meanwhile.
   */
  @Test
  void noReadIsOlderThanASecondWhateverHappensToTheConnections() throws InterruptedException {
    int keys = 20;
    KeyValueStore store = near("&timeout=400ms");
    KeyValueStore other = other();
    AtomicLongArray acknowledged = new AtomicLongArray(keys * HISTORY); // Nanoseconds by number.
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    AtomicInteger errors = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    List<String> stale = Collections.synchronizedList(new ArrayList<>());
    threads.add(new Thread(() -> write(other, keys, acknowledged, over)));
    for (int reader = 0; reader < 2; reader++) {
      Random random = new Random(reader);
      threads.add(
          new Thread(
              () -> {
                while (!over.get()) {
                  int key = random.nextInt(keys);
                  long asked = System.nanoTime();
                  try {
                    int seen = text(store, "k" + key).map(Integer::parseInt).orElse(0);
                    reads.incrementAndGet();
                    long next = acknowledged.get(key * HISTORY + seen + 1);
                    if (next != 0 && asked - next > 1_000_000_000L) {
                      stale.add("k" + key + "=" + seen + " " + (asked - next) / 1_000_000 + " ms");
                    }
                  } catch (NadbException e) {
                    errors.incrementAndGet();
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Runnable fault :
        List.<Runnable>of(
            network::cut,
            network::holdAnswers,
            network::hang,
            network::refuse,
            () -> network.delay(Duration.ofMillis(300)),
            () -> server.command("CLIENT", "KILL", "TYPE", "pubsub"))) {
      pass(Duration.ofMillis(300));
      fault.run();
      pass(Duration.ofMillis(1200));
      network.heal();
    }
    pass(Duration.ofMillis(400));
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(stale).isEmpty();
    assertThat(store.stats().nearHits()).isGreaterThan(10_000);
    assertThat(store.stats().nearInvalidations()).isGreaterThan(1_000);
    assertThat(errors).hasPositiveValue();
  }

  private static void write(
      KeyValueStore store, int keys, AtomicLongArray acknowledged, AtomicBoolean over) {
    for (int number = 1; number < HISTORY - 1 && !over.get(); number++) {
      long begun = System.nanoTime();
      for (int key = 0; key < keys; key++) {
        store.set("k" + key, bytes(Integer.toString(number)));
        acknowledged.set(key * HISTORY + number, System.nanoTime());
      }
      while (System.nanoTime() - begun < 20_000_000) { // A thousand a second.
        Thread.onSpinWait();
      }
    }
  }

  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void anotherServerBehindTheSameNameIsFollowed() {
    try (RedisServer replica = RedisServer.builder().replicaOf(server).start()) {
      KeyValueStore store = near("&connection-age=1s");
      store.set("k", bytes("old"));
      store.set("l", bytes("old"));
      assertThat(text(store, "k")).contains("old");
      assertThat(text(store, "l")).contains("old");
      replica.command("REPLICAOF", "NO", "ONE");
      network.leadTo(replica);
      KeyValueStore second = there.open(replica.url("sweep=off", "db=" + db));
      second.set("k", bytes("new"));
      second.set("l", bytes("new"));

      await("without asking", () -> text(store, "k").equals(Optional.of("new")));
      assertThat(text(store, "l")).as("all at once").contains("new");
      second.set("k", bytes("newer"));
      await("it is heard of", () -> text(store, "k").equals(Optional.of("newer")));
      await("and kept", () -> store.stats().nearFailure().isEmpty());
    }
  }

  @Test
  void aServerThatIsStartedAnewIsHeardAgain() {
    try (RedisServer own = RedisServer.builder().appendOnly().start()) {
      KeyValueStore store = here.open(own.url("near=1mb", "sweep=off"));
      store.set("k", bytes("old"));
      assertThat(text(store, "k")).contains("old");
      own.stop();
      own.restart();
      KeyValueStore second = there.open(own.url("sweep=off"));
      second.set("k", bytes("new"));

      await("it is heard of", () -> text(store, "k").equals(Optional.of("new")));
      second.set("k", bytes("newer"));
      await("it is heard of", () -> text(store, "k").equals(Optional.of("newer")));
    }
  }

  /** Of what is gone by then, nobody can tell how long it would have been there. */
  @Test
  void whatGoesWhileItIsReadIsNotKept() {
    try (SplitNetwork split = new SplitNetwork(server)) {
      KeyValueStore store = here.open(split.url("near=1mb", "sweep=off", "db=" + db));
      KeyValueStore other = other();
      other.set("k", bytes("v"));
      assertNear(store, () -> assertThat(store.get("absent")).isEmpty());
      split.before(
          "PTTL",
          () -> {
            server.command("PING"); // After which the server has looked at what came before.
            split.tellNothing();
            other.delete("k");
          });

      assertThat(text(store, "k")).as("as it was").contains("v");
      assertThat(store.get("k")).isEmpty();
    }
  }

  @Test
  void whoClearsReadsNothingOfBeforeThoughHeIsNotTold() {
    try (SplitNetwork split = new SplitNetwork(server)) {
      KeyValueStore store = here.open(split.url("near=1mb", "sweep=off", "db=" + db));
      store.set("k", bytes("v"));
      assertNear(store, () -> assertThat(store.get("k")).isPresent());
      split.tellNothing();
      store.clear();

      assertThat(store.get("k")).isEmpty();
    }
  }

  @Test
  void whoeverElseClearsIsHeardOf() {
    KeyValueStore store = near("");
    KeyValueStore other = other();
    other.set("k", bytes("v"), SetOptions.tags("t"));
    assertNear(store, () -> assertThat(store.get("k")).isPresent());
    other.clear();

    await("it is heard of", () -> store.get("k").isEmpty());
  }
}
