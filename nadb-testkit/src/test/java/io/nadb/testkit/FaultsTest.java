package io.nadb.testkit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.FlushCause;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be made to go wrong, and what is told of it. */
class FaultsTest {
  private final NadbHarness harness = NadbHarness.create();
  private final Faults faults = harness.faults();
  private final VirtualTime time = harness.time();

  @AfterEach
  void close() {
    harness.close();
  }

  private KeyValueStore open(String... options) {
    return harness.open("nadb:fs:?flush=5s&sweep=off", options);
  }

  private static void set(KeyValueStore store, String key, String value) {
    store.set(key, value.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"APPLY", "WRITE", "SYNC"})
  void aFailedFlushKeepsEverythingAndIsRetried(Operation operation) {
    KeyValueStore store = open();
    Fault fault = faults.on(operation).fail(new IOException("bad sector"));
    set(store, "k", "v");
    time.advance(ofSeconds(5));
    assertThat(store).buffers("k").isDegraded().hasFlushFailures(1).hasNotFlushed();
    assertThat(store.stats().lastFailure().orElseThrow()).contains("bad sector");
    assertThat(fault.fired()).isEqualTo(1);

    time.advance(ofSeconds(5));
    assertThat(store).hasPersisted("k").isHealthy().lastFlush().wasCausedBy(FlushCause.RETRY);
  }

  @Test
  void anUncheckedFailureIsThrownAsItIs() {
    KeyValueStore store = open();
    faults.on(Operation.READ).fail(new IllegalArgumentException("odd"));
    set(store, "k", "v");
    store.flush();

    assertThatThrownBy(() -> store.get("k")).hasMessage("odd");
    assertThat(store).containsEntry("k", "v");
  }

  @Test
  void theNthOperationsAreStruckAndNoOthers() {
    KeyValueStore store = open();
    Fault fault = faults.on(Operation.APPLY).nth(2).times(2).fail(new IOException("?"));
    for (int i = 1; i <= 5; i++) {
      set(store, "k", "v" + i);
      if (i == 2 || i == 3) {
        assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      } else {
        store.flush();
      }
    }
    assertThat(fault.fired()).isEqualTo(2);
  }

  @Test
  void aFileIsChosenByItsName() {
    KeyValueStore store = open();
    faults.on(Operation.WRITE).file("*.seg").always().fail(new IOException("?"));
    set(store, "k", "v");
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    faults.heal();
    store.flush();

    assertThat(store).hasPersisted("k").hasFlushFailures(2);
  }

  @Test
  void aWriteThatIsHalfDoneIsNoFlush() {
    KeyValueStore store = open();
    faults.on(Operation.WRITE).failHalfDone(new IOException("?"));
    set(store, "k", "v".repeat(1000));
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);

    assertThat(harness.crash(Crash.PROCESS_KILL).lost()).isEmpty();
    assertThat(harness.reopen()).isEmpty();
  }

  @Test
  void aFullDiskTakesWhatFitsUntilThereIsRoom() {
    KeyValueStore store = open();
    faults.freeSpace(500);
    set(store, "k", "v".repeat(1000));
    assertThatThrownBy(store::flush).hasMessageContaining("No space left on device");
    assertThat(store).buffers("k");
    faults.heal();
    store.flush();

    assertThat(store).hasPersisted("k");
  }

  @Test
  void aBlockedFlushIsHeldWhileTimeGoesOn() throws Exception {
    KeyValueStore store = open();
    Fault blocked = faults.on(Operation.APPLY).block();
    set(store, "k", "v");
    time.advance(ofSeconds(5));
    blocked.awaitBlocked();
    assertThat(store).hasNotPersisted("k").hasNotFlushed();
    time.advance(ofSeconds(1));
    blocked.release();

    assertThat(store).hasPersisted("k").lastFlush().happenedAt(time.start().plusSeconds(6));
  }

  @Test
  void whileAStoreHangsInItsFlushTheStandByFlushesTheOthersInTime() throws Exception {
    KeyValueStore stuck = open("name=stuck");
    KeyValueStore other = harness.open("nadb:mem:?flush=7s&sweep=off", "name=other");
    Fault blocked = faults.on(Operation.SYNC).file("*.seg").block();
    set(stuck, "k", "v");
    set(other, "k", "v");

    time.advance(ofSeconds(5));
    blocked.awaitBlocked();
    assertThat(harness.registry().status().takeovers()).isZero();
    time.advance(ofSeconds(1));
    assertThat(harness.registry().status().takeovers()).isEqualTo(1);
    assertThat(harness.registry().status().stalled()).containsExactly("stuck");
    assertThat(other).buffers("k");

    time.advance(ofSeconds(1));
    assertThat(other).hasPersisted("k").lastFlush().wasCausedBy(FlushCause.INTERVAL);
    assertThat(stuck).hasNotFlushed();

    blocked.release();
    time.advance(ofSeconds(5));
    assertThat(stuck).hasPersisted("k");
    assertThat(harness.registry().status().stalled()).isEmpty();
  }

  @Test
  void theStatisticsTellForHowLongASweepHasBeenDue() throws Exception {
    KeyValueStore store = harness.open("nadb:fs:?flush=5s&sweep=10s");
    Fault blocked = faults.on(Operation.APPLY).block();
    store.set("k", "v".getBytes(UTF_8), SetOptions.ttl(ofSeconds(8)));
    time.advance(ofSeconds(5));
    blocked.awaitBlocked();
    time.advance(ofSeconds(5));
    assertThat(store.stats().sweepLag()).isZero();
    time.advance(ofSeconds(2));
    assertThat(store.stats().sweepLag()).isEqualTo(ofSeconds(2));

    blocked.release();
    assertThat(store.stats().sweepLag()).isZero();
  }

  @Test
  void aSlowFlushOfTheBackgroundThreadEndsWhenTimeHasPassed() {
    KeyValueStore store = open();
    faults.on(Operation.SYNC).file("*.seg").slow(ofSeconds(2));
    set(store, "k", "v");
    time.advance(ofSeconds(5));
    assertThat(store).hasNotPersisted("k");
    time.advance(ofSeconds(2).minusNanos(1));
    assertThat(store).hasNotPersisted("k");
    time.advance(java.time.Duration.ofNanos(1));

    assertThat(store).hasPersisted("k").lastFlush().happenedAt(time.start().plusSeconds(7));
  }

  @Test
  void aSlowFlushOfTheTestsThreadMovesTime() {
    KeyValueStore store = open();
    faults.on(Operation.SYNC).file("*.seg").slow(ofSeconds(2));
    set(store, "k", "v");
    store.flush();

    assertThat(store).lastFlush().happenedAt(time.start().plusSeconds(2));
  }

  @Test
  void aWriterThatWaitsForRoomIsLetInWhenTheDiskGoesOn() throws Exception {
    KeyValueStore store = open("buffer=1kb");
    Fault blocked = faults.on(Operation.APPLY).block();
    store.set("a", new byte[1000]);
    store.set("b", new byte[1000]);
    blocked.awaitBlocked();
    FutureTask<Long> third = new FutureTask<>(() -> store.set("c", new byte[1000]));
    new Thread(third).start();
    time.awaitWaiting(1);
    assertThat(third).isNotDone();
    blocked.release();

    assertThat(third.get()).isEqualTo(3);
  }

  @Test
  void aFaultThatNeverFiredFailsTheTest() {
    NadbHarness other = NadbHarness.create();
    other.store();
    other.faults().on(Operation.DELETE).file("*.gone").nth(3).fail(new IOException("why"));
    other.faults().freeSpace(1 << 20);

    assertThat(other.check())
        .containsExactly(
            "fault never fired: on DELETE of *.gone, from number 3: fail with"
                + " java.io.IOException: why",
            "fault never fired: free space of 1048576 bytes: never used up");
    assertThatThrownBy(other::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("fault never fired");
  }

  @Test
  void lenientHarnessesLetUnfiredFaultsPass() {
    try (NadbHarness other =
        NadbHarness.create(HarnessSettings.DEFAULT.without(Check.UNFIRED_FAULTS))) {
      other.faults().on(Operation.DELETE).fail(new IOException("why"));
      assertThat(other.check()).isEmpty();
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> faults.on(Operation.WRITE).nth(0))
        .hasMessage("0 is less than 1; operations count from 1");
    assertThatThrownBy(() -> faults.on(Operation.WRITE).slow(ofSeconds(0)))
        .hasMessage("duration PT0S is not positive");
    assertThatThrownBy(() -> faults.freeSpace(-1)).hasMessage("free space of -1 bytes is negative");
  }
}
