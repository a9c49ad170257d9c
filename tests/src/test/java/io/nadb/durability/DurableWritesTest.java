package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.Crash;
import io.nadb.testkit.Fault;
import io.nadb.testkit.Faults;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code durability}: what a crash leaves when a write has returned. */
class DurableWritesTest {
  private final NadbHarness harness = NadbHarness.create();
  private final VirtualTime time = harness.time();
  private final Faults faults = harness.faults();
  @TempDir private Path directory;
  private int copies;

  @AfterEach
  void close() {
    harness.close();
  }

  private KeyValueStore open(String options) {
    return harness.open("nadb:fs:data?segment=64kb&flush=off&sweep=off&" + options);
  }

  private Path data() {
    return harness.directory().resolve("data");
  }

  /** How often all that was written has been made durable. */
  private long syncs() {
    return harness.ledger().events().stream()
        .filter(event -> event.text().startsWith("flushed") || event.text().startsWith("synced"))
        .count();
  }

  /** Opens what a crash would leave now. */
  private Map<String, String> afterCrash() throws IOException {
    Path copy = Crash.copy(data(), directory.resolve("copy" + copies++));
    Map<String, String> found = new java.util.TreeMap<>();
    try (StoreRegistry other = StoreRegistry.create(time);
        KeyValueStore store = other.open("nadb:fs:" + copy)) {
      store.keys("").forEach(key -> found.put(key, text(store, key).orElseThrow()));
    }
    return found;
  }

  @Test
  void aBufferedWriteIsNotInTheFilesBeforeTheFlush() throws Exception {
    KeyValueStore store = open("durability=buffered");
    store.set("a", utf8("1"));
    assertThat(afterCrash()).isEmpty();
    store.flush();
    store.set("b", utf8("2"));
    assertThat(afterCrash()).isEqualTo(Map.of("a", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"written", "synced"})
  void aWriteIsInTheFilesWhenItReturns(String durability) throws Exception {
    KeyValueStore store = open("durability=" + durability);
    store.set("a", utf8("1"));
    assertThat(afterCrash()).isEqualTo(Map.of("a", "1"));
    store.set("b", utf8("2"), SetOptions.tags("t"));
    store.set("a", utf8("3"));
    assertThat(afterCrash()).isEqualTo(Map.of("a", "3", "b", "2"));
    store.delete("a");
    assertThat(afterCrash()).isEqualTo(Map.of("b", "2"));
    store.clear();
    assertThat(afterCrash()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"written", "synced"})
  void whatCleanupExpiredRemovedStaysRemovedAfterACrash(String durability) throws Exception {
    KeyValueStore store = open("durability=" + durability);
    store.set("short", utf8("1"), SetOptions.ttl(Duration.ofSeconds(1)));
    store.set("long", utf8("2"));
    time.advance(Duration.ofSeconds(1));
    assertThat(store.cleanupExpired()).isEqualTo(1);

    Path copy = Crash.copy(data(), directory.resolve("copy"));
    try (StoreRegistry other = StoreRegistry.create(time);
        KeyValueStore found = other.open("nadb:fs:" + copy + "?sweep=off")) {
      assertThat(found.cleanupExpired()).isZero();
    }
  }

  @Test
  void aWrittenWriteCostsNoSyncAndIsDurableAfterTheFlush() throws Exception {
    KeyValueStore store = open("durability=written");
    store.set("first", utf8("creates the segment"));
    long before = syncs();
    long sequence = 0;
    for (int i = 0; i < 10; i++) {
      sequence = store.set("k" + i, utf8("v"));
    }
    assertThat(syncs()).isEqualTo(before);
    assertThat(store.durableSequence()).isZero();
    assertThat(store.stats().bufferedKeys()).as("what a power cut would lose").isEqualTo(11);
    store.flush();

    assertThat(syncs()).isEqualTo(before + 1);
    assertThat(store.durableSequence()).isEqualTo(sequence);
    assertThat(afterCrash()).hasSize(11);
  }

  @Test
  void concurrentSyncedWritersShareASync() throws Exception {
    int writers = 8;
    KeyValueStore store = open("durability=synced");
    store.set("first", utf8("creates the segment"));
    long before = syncs();
    Fault lasting = faults.on(Operation.SYNC).file("*.seg").block();
    List<FutureTask<Long>> tasks = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String key = "k" + i;
      FutureTask<Long> task = new FutureTask<>(() -> store.set(key, utf8("v")));
      tasks.add(task);
      new Thread(task).start();
      lasting.awaitBlocked();
    }
    while (store.stats().sequence() < 1 + writers) { // All put their writes into the buffer.
      Thread.onSpinWait();
    }
    lasting.release();
    for (FutureTask<Long> task : tasks) {
      long sequence = task.get();
      assertThat(store.durableSequence()).isGreaterThanOrEqualTo(sequence);
    }
    assertThat(syncs() - before).as("syncs for %d writes", writers).isEqualTo(2);
    assertThat(afterCrash()).hasSize(1 + writers);
  }

  @Test
  void whatWasWrittenBeforeAFailedSyncIsWrittenAgainElsewhere() throws Exception {
    KeyValueStore store = open("durability=written");
    store.set("a", utf8("1"));
    store.flush();
    store.set("b", utf8("2"));
    store.set("a", utf8("3"));
    faults.on(Operation.SYNC).always().fail(new IOException("input/output error"));
    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("input/output error");
    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(text(store, "a")).contains("3");
    assertThat(text(store, "b")).contains("2");

    faults.heal();
    store.set("c", utf8("4"));
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertThat(afterCrash()).isEqualTo(Map.of("a", "3", "b", "2", "c", "4"));
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(data().resolve("main/log/0000000002.seg")).exists();
  }

  @Test
  void aSyncedWriteWhoseSyncFailsThrowsAndIsKept() throws Exception {
    KeyValueStore store = open("durability=synced");
    store.set("a", utf8("1"));
    faults.on(Operation.SYNC).always().fail(new IOException("input/output error"));
    assertThatThrownBy(() -> store.set("b", utf8("2")))
        .isInstanceOf(NadbException.class)
        .hasMessageEndingWith("the buffer keeps the writes, and the flush is retried");
    assertThat(store.durableSequence()).isEqualTo(1);
    assertThat(afterCrash()).isEqualTo(Map.of("a", "1"));

    faults.heal();
    time.advance(Duration.ofMillis(100));
    assertThat(store.durableSequence()).isEqualTo(2);
    assertThat(afterCrash()).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void anyFailureOfTheDiskIsHealedByTheRetry() throws Exception {
    KeyValueStore store = open("durability=buffered");
    for (int round = 0; round < 5; round++) {
      store.set("k" + round, utf8("" + round));
      store.set("same", utf8("" + round));
      if (round % 2 == 0) {
        faults.on(Operation.WRITE).always().fail(new IOException("no space left on device"));
      } else {
        faults.on(Operation.SYNC).always().fail(new IOException("input/output error"));
      }
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      assertThat(afterCrash()).hasSize(round == 0 ? 0 : round + 1);
      faults.heal();
      time.advance(Duration.ofMillis(100));
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(afterCrash()).hasSize(round + 2).containsEntry("same", "" + round);
    }
  }
}
