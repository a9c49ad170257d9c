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
import io.nadb.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A writer waits while the buffer has no room, and for so long at most. */
class BackPressureTest extends FailingFlushes {
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

  private static int i(String key) {
    return key.charAt(1) - '0';
  }

  @Test
  void aWriterWaitsAtTheHardCapAndGoesOnAfterTheFlush() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.awaitWaiting(1);
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
    time.awaitWaiting(1);
    faults.heal();
    time.advance(ofMillis(100));

    assertThat(writer.get()).isEqualTo(3);
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
  }

  @Test
  void aWriterGivesUpAfterTheWriteTimeoutAndHasWrittenNothing() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.awaitWaiting(1);
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
    faults.awaitBlocked();
    store.set("b", new byte[1023]);
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.awaitWaiting(1);
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
    time.awaitWaiting(1);
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
      time.awaitWaiting(i + 1);
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

  @Test
  void aSmallWriteDoesNotOvertakeAWaitingLargeOne() throws Exception {
    KeyValueStore store = open("buffer=1kb&flush=30s&write-timeout=10s");
    faults.fail("no space left on device");
    store.set("a", new byte[1500]);
    FutureTask<Long> large = start(() -> store.set("large", new byte[1000]));
    time.awaitWaiting(1);
    FutureTask<Long> small = start(() -> store.set("small", new byte[10]));
    time.awaitWaiting(2);
    assertThat(store.stats().stalls()).as("it would have found room").isEqualTo(2);
    faults.heal();
    store.flush();

    assertThat(List.of(large.get(), small.get())).containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void anEntryAboveTheHardCapIsAdmittedAlone() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("huge", new byte[10_000]));
    time.awaitWaiting(1);
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
    time.awaitWaiting(1);
    faults.heal();
    store.flush();

    assertThat(deletion.get()).isTrue();
    assertThat(store.keys("")).containsExactly("b");
  }

  @Test
  void readersNeverWait() throws Exception {
    KeyValueStore store = full();
    FutureTask<Long> writer = start(() -> store.set("c", utf8("v")));
    time.awaitWaiting(1);

    assertThat(store.get("a")).isPresent();
    assertThat(store.keys("")).containsExactly("a", "b");
    assertThat(store.delete("absent")).isFalse();
    faults.heal();
    store.flush();
    writer.get();
  }
}
