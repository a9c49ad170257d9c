package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store with a log in front of its server, whose sentinels make another server the master, which
 * may lack what the former one had acknowledged.
 */
@Timeout(120)
class RedisSpoolFailoverIT extends WatchedServers {

  private KeyValueStore open(String options) {
    return registry.open(
        url("&timeout=2s&spool=" + directory.resolve("spool") + (options.isEmpty() ? "" : "&"))
            + options);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** What an application does: it tries again. */
  private static void flushInTheEnd(KeyValueStore store) {
    for (int i = 0; ; i++) {
      try {
        store.flush();
        return;
      } catch (NadbException e) {
        if (i == 1_000_000) {
          throw e;
        }
      }
    }
  }

  /** Has the new master get something; the former one takes writes until its news has come. */
  private void flushToTheNewMaster(KeyValueStore store) {
    for (int i = 0; value(replica, "followed").isEmpty(); i++) {
      assertThat(i).isLessThan(1000);
      store.set("followed", bytes("1"));
      flushInTheEnd(store);
    }
  }

  /** From now on the replica gets nothing. */
  private void cutReplicaOff() {
    replica.command("CONFIG", "SET", "masterauth", "wrong");
    master.command("CLIENT", "KILL", "TYPE", "replica");
  }

  @Test
  void whatTheNewMasterLacksItGetsAgainInOrderAndBeforeAllThatComesLater() {
    KeyValueStore store = open("flush=off");
    store.set("before", bytes("1"));
    store.set("n", bytes("1"));
    store.flush();
    setOnBoth("k");
    cutReplicaOff();
    for (int i = 0; i < 10; i++) {
      store.set("lost" + i, bytes("1"));
    }
    store.set("made and deleted", bytes("1"));
    store.set("n", bytes("2"));
    store.flush();
    store.delete("made and deleted");
    store.set("n", bytes("3"));
    store.flush();
    assertThat(value(master, "lost9")).isEqualTo("1");
    assertThat(value(replica, "lost9")).isEmpty();
    store.set("waiting", bytes("1"));

    failOver();
    replica.command("DEL", "nadb:{main:default}:e:before");
    flushToTheNewMaster(store);

    IntStream.range(0, 10).forEach(i -> assertThat(value(replica, "lost" + i)).isEqualTo("1"));
    assertThat(value(replica, "made and deleted")).isEmpty();
    assertThat(value(replica, "n")).isEqualTo("3");
    assertThat(value(replica, "waiting")).isEqualTo("1");
    assertThat(value(replica, "before")).as("which it had, and others have deleted").isEmpty();
    assertThat(store.durableSequence()).isEqualTo(store.stats().sequence());
  }

  /** A flush says that the server has all; and a sweep comes by itself. */
  @ParameterizedTest
  @ValueSource(strings = {"flush", "sweep", "change"})
  void whatTheNewMasterLacksItGetsThoughNothingIsWritten(String next) {
    KeyValueStore store = open("flush=off&connections=1");
    setOnBoth("k");
    cutReplicaOff();
    store.set("n", bytes("1"));
    store.flush();
    failOver();
    while (store.get("n").isPresent()) {
      assertThat(value(replica, "n")).isEmpty(); // The news of the new master is on its way.
    }

    switch (next) {
      case "flush" -> store.flush();
      case "sweep" -> store.cleanupExpired();
      default ->
          assertThat(store.increment("n", 1)).as("of what had been acknowledged").isEqualTo(2);
    }
    assertThat(store.get("n")).isPresent();
    assertThat(value(replica, "n")).isEqualTo(next.equals("change") ? "2" : "1");
  }

  @Test
  void whatTheNewMasterLacksItGetsFromTheNextProcessToo() {
    KeyValueStore store = open("flush=off");
    store.set("before", bytes("1"));
    store.flush();
    setOnBoth("k");
    cutReplicaOff();
    store.set("lost", bytes("1"));
    store.flush();
    store.set("waiting", bytes("1"));
    master.kill();
    assertThatThrownBy(store::close).hasMessageContaining("1 key");

    StoreRegistry next = StoreRegistry.create(TimeSource.system());
    log(sentinel).awaitLine("+switch-master");
    next.open(url("&spool=" + directory.resolve("spool"))).close();
    next.close();

    assertThat(value(replica, "before")).isEqualTo("1");
    assertThat(value(replica, "lost")).isEqualTo("1");
    assertThat(value(replica, "waiting")).isEqualTo("1");
  }

  /** Its mark is of the opening before; that is no other store's. */
  @Test
  void aMasterThatHasNotHeardOfThisOpeningIsGivenWhatItLacks() {
    KeyValueStore before = open("flush=off");
    before.set("before", bytes("1"));
    before.close();
    setOnBoth("k");
    cutReplicaOff();
    KeyValueStore store = open("flush=off");
    store.set("lost", bytes("1"));
    store.flush();

    failOver();
    flushToTheNewMaster(store);

    assertThat(value(replica, "before")).isEqualTo("1");
    assertThat(value(replica, "lost")).isEqualTo("1");
  }

  /** One replica has answered, and the sentinels promote another one. */
  @Test
  void whatOnlyAnotherReplicaHadAcknowledgedTheNewMasterGetsAgain() {
    RedisServer answering =
        owned(RedisServer.builder().replicaOf(master).config("replica-priority", "0").start());
    log(sentinel).awaitLine("+slave slave 127.0.0.1:" + answering.port());
    KeyValueStore store = open("flush=off&acknowledge=replica");
    store.set("n", bytes("1"));
    store.flush();
    while (value(replica, "n").isEmpty()) {
      assertThat(value(master, "n")).isEqualTo("1"); // Both have asked for it.
    }
    cutReplicaOff();
    store.set("n", bytes("2"));
    store.set("lost", bytes("1"));
    flushInTheEnd(store); // The other one has to connect again.
    assertThat(value(answering, "lost")).isEqualTo("1");
    assertThat(value(replica, "lost")).isEmpty();

    failOver();
    flushToTheNewMaster(store);

    assertThat(value(replica, "n")).isEqualTo("2");
    assertThat(value(replica, "lost")).isEqualTo("1");
    assertThat(value(answering, "lost")).as("which follows the new master").isEqualTo("1");
  }

  @Test
  void aStoreThatWritesWhileItsMasterIsSwitchedHasAllOfItOnTheNewOne() throws Exception {
    KeyValueStore store = open("flush=10ms&buffer=16kb");
    store.set("k0", bytes("0"));
    flushInTheEnd(store);
    setOnBoth("k");
    AtomicBoolean over = new AtomicBoolean();
    FutureTask<Integer> writer =
        new FutureTask<>(
            () -> {
              int written = 1;
              for (; !over.get(); written++) {
                store.set("k" + written, bytes(Integer.toString(written)));
                LockSupport.parkNanos(1_000_000);
              }
              return written;
            });
    new Thread(writer).start();
    failOver();
    String first = "k" + store.stats().sequence();
    while (value(replica, first).isEmpty()) {
      LockSupport.parkNanos(1_000_000);
    }
    over.set(true);
    int written = writer.get();
    flushToTheNewMaster(store);
    flushInTheEnd(store);

    Map<String, String> all =
        IntStream.range(0, written)
            .boxed()
            .collect(Collectors.toMap(i -> "k" + i, i -> Integer.toString(i)));
    assertThat(all).allSatisfy((key, number) -> assertThat(value(replica, key)).isEqualTo(number));
    assertThat(store.stats().flushCount()).isGreaterThan(10);
  }

  /** The mark says that the server has it, whoever asks; whether a replica does, it can't say. */
  @Test
  void whatNoReplicaHasIsKeptIfOneMustHaveItThoughTheMarkSaysThatTheServerDoes() throws Exception {
    KeyValueStore store = open("flush=off&acknowledge=replica");
    store.set("a", bytes("1"));
    store.flush();
    String pid = pid(replica);
    signal("-STOP", pid);
    try {
      store.set("b", bytes("1"));
      assertThatThrownBy(store::flush).hasMessageContaining("no replica had it");
      assertThat(value(master, "b")).isEqualTo("1");
      master.command("CLIENT", "KILL", "TYPE", "normal"); // New ones have nothing to wait for.
      assertThatThrownBy(store::flush).hasMessageContaining("lost");

      assertThatThrownBy(store::flush).hasMessageContaining("no replica had it");
      assertThat(store.stats().bufferedKeys()).isOne();
      String url = url("&acknowledge=replica&timeout=1s&spool=" + directory.resolve("other"));
      try (StoreRegistry own = StoreRegistry.create(TimeSource.system())) {
        assertThatThrownBy(() -> own.open(url)).hasMessageContaining("no replica had it");
      }
    } finally {
      signal("-CONT", pid);
    }
    flushInTheEnd(store);
    assertThat(value(replica, "b")).isEqualTo("1");
  }
}
