package io.nadb.durability;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testing.ManualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Back-pressure, and what becomes of a flush that fails. */
class FailingFlushTest {
  private final ManualTime time = new ManualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults = FaultyDriver.install(registry, "fs");
  @TempDir private Path directory;

  @AfterEach
  void close() {
    faults.heal();
    faults.release();
    registry.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:fs:" + directory.resolve("data") + "?sweep=off&" + options);
  }

  private static <T> FutureTask<T> start(Callable<T> action) {
    FutureTask<T> task = new FutureTask<>(action);
    new Thread(task).start();
    return task;
  }

  /** Opens a store whose buffer holds exactly its hard cap, and whose disk is full. */
  private KeyValueStore full() {
    KeyValueStore store = open("buffer=1kb&flush=30s&write-timeout=10s");
    faults.fail("no space left on device");
    store.set("a", new byte[1023]);
    store.set("b", new byte[1023]);
    assertThat(store.stats().bufferedBytes()).isEqualTo(2048);
    assertThat(store.stats().stalls()).isZero();
    return store;
  }

  @Test
  void aWriterWaitsAtTheHardCapAndGoesOnAfterTheFlush() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.untilWaiting(1);
    assertThat(store.stats().stalls()).isEqualTo(1);
    assertThat(store.contains("c")).isFalse();
    faults.heal();
    store.flush();

    assertThat(writer.get()).isEqualTo(3);
    assertThat(text(store, "c")).contains("v");
  }

  @Test
  void aWaitingWriterGoesOnAfterTheRetryInTheBackground() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.untilWaiting(1);
    faults.heal();
    time.advance(ofMillis(100));

    assertThat(writer.get()).isEqualTo(3);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void aWriterGivesUpAfterTheWriteTimeoutAndHasWrittenNothing() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.untilWaiting(1);
    time.advance(ofSeconds(10).minusMillis(1));
    assertThat(writer).isNotDone();
    time.advance(ofMillis(1));

    assertThatThrownBy(writer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessage(
            "store %s: the write buffer holds 2048 bytes, its hard cap is 2048 (twice the option"
                + " 'buffer'); no room within PT10S (option 'write-timeout'); nothing was written."
                + " The latest flush failed: no space left on device; free some"
                + " space on that file system",
            store.name())
        .hasRootCauseMessage("no space left on device");
    assertThat(store.contains("c")).isFalse();
    assertThat(store.stats().sequence()).isEqualTo(2);
    faults.heal();
    store.flush();
    assertThat(store.keys("")).containsExactly("a", "b");
  }

  @Test
  void aWriterGivesUpOnADiskThatHangsAndBlamesNoEarlierFailure() throws Exception {
    KeyValueStore store = full();
    faults.heal();
    store.flush();
    faults.block(time);
    store.set("a", new byte[1023]);
    faults.untilBlocked();
    store.set("b", new byte[1023]);
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.untilWaiting(1);
    time.advance(ofSeconds(10));

    assertThatThrownBy(writer::get)
        .cause()
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessageEndingWith("nothing was written. Is the disk slow, full or stuck?")
        .hasNoCause();
    assertThat(store.contains("c")).isFalse();
  }

  @Test
  void anInterruptedWriterHasWrittenNothingAndStaysInterrupted() throws Exception {
    KeyValueStore store = full();
    List<Boolean> interrupted = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                store.set("c", utf8("v"));
              } catch (NadbException e) {
                thrown.add(e);
                interrupted.add(Thread.currentThread().isInterrupted());
              }
            });
    writer.start();
    time.untilWaiting(1);
    writer.interrupt();
    writer.join();

    assertThat(thrown).hasSize(1);
    assertThat(thrown.get(0))
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageEndingWith("interrupted while waiting for room; nothing was written");
    assertThat(interrupted).containsExactly(true);
    assertThat(store.contains("c")).isFalse();
    faults.heal();
    store.flush();
    assertThat(store.set("d", utf8("v"))).isEqualTo(3);
  }

  @Test
  void waitingWritersAreServedInTheirOrder() throws Exception {
    KeyValueStore store = full();
    List<FutureTask<Long>> writers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String key = "w" + i;
      writers.add(start(() -> store.set(key, new byte[i(key) == 0 ? 1500 : 10])));
      time.untilWaiting(i + 1);
    }
    assertThat(store.stats().stalls()).isEqualTo(5);
    faults.heal();
    store.flush();

    List<Long> sequences = new ArrayList<>();
    for (FutureTask<Long> writer : writers) {
      sequences.add(writer.get());
    }
    assertThat(sequences).doesNotHaveDuplicates().allMatch(sequence -> sequence > 2);
    assertThat(store.keys("w")).hasSize(5);
  }

  private static int i(String key) {
    return key.charAt(1) - '0';
  }

  @Test
  void aSmallWriteDoesNotOvertakeAWaitingLargeOne() throws Exception {
    KeyValueStore store = open("buffer=1kb&flush=30s&write-timeout=10s");
    faults.fail("no space left on device");
    store.set("a", new byte[1500]);
    FutureTask<Long> large = start(() -> store.set("large", new byte[1000]));
    time.untilWaiting(1);
    FutureTask<Long> small = start(() -> store.set("small", new byte[10]));
    time.untilWaiting(2);
    assertThat(store.stats().stalls()).as("it would have found room").isEqualTo(2);
    faults.heal();
    store.flush();

    assertThat(List.of(large.get(), small.get())).containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void anEntryAboveTheHardCapIsAdmittedAlone() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("huge", new byte[10_000]));
    time.untilWaiting(1);
    faults.heal();
    store.flush();

    assertThat(writer.get()).isEqualTo(3);
    assertThat(store.durableSequence()).isEqualTo(3);
    assertThat(store.get("huge").orElseThrow()).hasSize(10_000);
  }

  @Test
  void deletingWaitsForRoomToo() throws Exception {
    KeyValueStore store = full();
    FutureTask<Boolean> deletion = start(() -> store.delete("a"));
    time.untilWaiting(1);
    faults.heal();
    store.flush();

    assertThat(deletion.get()).isTrue();
    assertThat(store.keys("")).containsExactly("b");
  }

  @Test
  void readersNeverWait() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.untilWaiting(1);

    assertThat(store.get("a")).isPresent();
    assertThat(store.keys("")).containsExactly("a", "b");
    assertThat(store.delete("absent")).isFalse();
    faults.heal();
    store.flush();
    writer.get();
  }

  @Test
  void theRetryComesAfterAPauseThatDoubles() {
    KeyValueStore store = open("flush=10s");
    store.set("k", utf8("v"));
    faults.fail("no space left on device");
    time.advance(ofSeconds(10));
    long failures = 1;
    for (int pause = 100; pause <= 1600; pause *= 2) {
      assertThat(store.stats().flushFailures()).isEqualTo(failures);
      time.advance(ofMillis(pause - 1));
      assertThat(store.stats().flushFailures()).as("before %d ms", pause).isEqualTo(failures);
      time.advance(ofMillis(1));
      failures++;
    }
    time.advance(java.time.Duration.ofHours(1));
    assertThat(store.stats().flushFailures()).isBetween(300L, 800L);
    faults.heal();
    time.advance(ofSeconds(10));
    assertThat(store.stats().bufferedKeys()).isZero();
  }

  @Test
  void newerWritesAndDeletionsWinOverTheRetriedCut() {
    KeyValueStore store = open("flush=5s");
    store.set("overwritten", utf8("old"), SetOptions.tags("old"));
    store.set("deleted", utf8("old"), SetOptions.tags("old"));
    store.set("kept", utf8("kept"), SetOptions.ttl(ofSeconds(60)).withTags("kept"));
    var created = time.now();
    faults.fail("no space left on device");
    time.advance(ofSeconds(5));
    store.set("overwritten", utf8("new"), SetOptions.ttl(ofSeconds(9)).withTags("new"));
    store.delete("deleted");
    store.set("added", utf8("new"), SetOptions.tags("new"));
    var updated = time.now();
    faults.heal();
    time.advance(ofMillis(100));
    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(faults.applied())
        .containsExactly(List.of("added", "deleted", "kept", "overwritten"));

    registry.close();
    try (StoreRegistry next = StoreRegistry.create(time)) {
      KeyValueStore again = next.open("nadb:fs:" + directory.resolve("data"));
      assertThat(again.keys("")).containsExactly("added", "kept", "overwritten");
      assertThat(text(again, "overwritten")).contains("new");
      var metadata = again.metadata("overwritten").orElseThrow();
      assertThat(metadata.created()).isEqualTo(created);
      assertThat(metadata.updated()).isEqualTo(updated);
      assertThat(metadata.expiresAt()).contains(updated.plusSeconds(9));
      assertThat(again.queryByTags("old")).isEmpty();
      assertThat(again.queryByTags("new")).hasSize(2);
      assertThat(again.queryByTags("kept").get(0).expiresAt()).contains(created.plusSeconds(60));
    }
  }

  @Test
  void aBackendThatThrowsAnythingIsKeptAtBay() {
    KeyValueStore store = open("flush=off");
    store.set("k", utf8("v"));
    faults.fail(new IllegalStateException("bug"));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class).hasMessageContaining("bug");
    faults.fail(new StackOverflowError());
    assertThatThrownBy(store::flush)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("java.lang.StackOverflowError");
    assertThat(text(store, "k")).contains("v");
    faults.heal();
    store.flush();
    assertThat(store.stats().keys()).isEqualTo(1);
  }

  @Test
  void closingWithAFailingFlushNamesTheLossAndLetsGo() {
    KeyValueStore store = open("flush=off");
    store.set("a", utf8("v"));
    store.flush();
    store.set("b", new byte[99]);
    store.set("c", new byte[199]);
    faults.fail("no space left on device");

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessage(
            "store %s is closed, but its last flush failed: 2 keys (300 bytes) written after"
                + " sequence number 1 are lost: no space left on device; free some space on that"
                + " file system",
            store.name())
        .hasRootCauseMessage("no space left on device");
    assertThat(registry.status().running()).isFalse();
    store.close();
    faults.heal();
    assertThat(open("flush=off").keys("")).containsExactly("a");
  }

  @Test
  void aFailureToReleaseIsThrownAndAllIsReleased() {
    KeyValueStore store = open("flush=off");
    store.set("a", utf8("v"));
    faults.failClose(new IllegalStateException("bug in close"));

    assertThatThrownBy(store::close)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("closing failed: java.lang.IllegalStateException: bug in close");
    faults.heal();
    assertThat(open("flush=off").keys("")).containsExactly("a");
  }

  @Test
  void aHangingDiskStopsNoOtherStoresFlush() throws Exception {
    KeyValueStore hanging = open("flush=off");
    KeyValueStore other = registry.open("nadb:table:other?flush=off");
    hanging.set("k", utf8("v"));
    other.set("k", utf8("v"));
    faults.block();
    FutureTask<Boolean> flush =
        start(
            () -> {
              hanging.flush();
              return true;
            });
    faults.untilBlocked();
    other.flush();
    other.close();

    assertThat(flush).isNotDone();
    assertThat(other.stats().flushCount()).isEqualTo(1);
    faults.release();
    assertThat(flush.get()).isTrue();
  }

  @Test
  void aDiskThatHangsInTheBackgroundStopsNoOtherStoresTimerOrSize() {
    KeyValueStore hanging = open("flush=5s");
    KeyValueStore timed = registry.open("nadb:table:timed?flush=5s&sweep=off");
    KeyValueStore sized = registry.open("nadb:table:sized?buffer=1kb&flush=off&sweep=off");
    hanging.set("k", utf8("v"));
    timed.set("k", utf8("v"));
    faults.block(time);
    time.advance(ofSeconds(5));
    faults.untilBlocked();
    sized.set("k", new byte[1023]);
    time.advance(ofMillis(999));
    assertThat(timed.stats().flushCount()).isZero();
    assertThat(sized.stats().flushCount()).isZero();
    time.advance(ofMillis(1));
    assertThat(timed.stats().flushCount()).isEqualTo(1);
    assertThat(sized.stats().flushCount()).isEqualTo(1);
    assertThat(registry.status().stalled()).containsExactly(hanging.name());

    for (int tick = 2; tick <= 4; tick++) {
      timed.set("k", utf8("v"));
      sized.set("k", new byte[1023]);
      assertThat(sized.stats().flushCount()).as("at once").isEqualTo(tick);
      time.advance(ofSeconds(5));
      assertThat(timed.stats().flushCount()).isEqualTo(tick);
    }
    assertThat(text(hanging, "k")).contains("v");
    assertThat(hanging.stats().flushCount()).isZero();
    hanging.set("later", utf8("v"));

    faults.release();
    assertThat(faults.applied()).as("the one that hung, and the ticks missed").hasSize(2);
    assertThat(hanging.stats().bufferedKeys()).isZero();
    assertThat(hanging.stats().flushFailures()).isZero();
    assertThat(registry.status().stalled()).isEmpty();
    assertThat(registry.status().takeovers()).isEqualTo(1);
  }

  @Test
  void aFailingDiskStopsNoOtherStoresTimer() {
    KeyValueStore failing = open("flush=5s");
    KeyValueStore other = registry.open("nadb:table:other?flush=5s");
    failing.set("k", utf8("v"));
    other.set("k", utf8("v"));
    faults.fail("no space left on device");
    time.advance(ofSeconds(5));

    assertThat(failing.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThat(other.stats().flushCount()).isEqualTo(1);
    assertThat(registry.status().failures()).as("a failed flush is no surprise").isZero();
  }
}
