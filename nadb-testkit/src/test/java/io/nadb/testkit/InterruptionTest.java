package io.nadb.testkit;

import static io.nadb.testkit.NadbAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No wait of a test is beyond the reach of an interruption, or of the end of its harness. */
class InterruptionTest {
  private final NadbHarness harness =
      NadbHarness.create(HarnessSettings.DEFAULT.without(Check.LEAKS));
  private final Faults faults = harness.faults();
  private final VirtualTime time = harness.time();
  private final KeyValueStore store = harness.open("nadb:fs:?flush=5s&sweep=off&buffer=1kb");

  @AfterEach
  void close() {
    harness.close();
  }

  private static Thread start(ThrowingCallable action, CompletableFuture<Boolean> ended) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.call();
                ended.complete(true);
              } catch (Throwable e) {
                ended.completeExceptionally(e);
              }
            },
            "test thread");
    thread.start();
    return thread;
  }

  /** Does what hangs on a thread of its own, which is interrupted; returns what it throws. */
  private static Throwable interrupted(ThrowingCallable hanging) {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    start(hanging, ended).interrupt();
    return Objects.requireNonNull(ended.handle((value, failure) -> failure).join());
  }

  /** Interrupts a call that a fault blocks, once it does. */
  private static Throwable interruptedWhen(Fault blocks, ThrowingCallable hanging)
      throws InterruptedException {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread thread = start(hanging, ended);
    blocks.awaitBlocked();
    thread.interrupt();
    return Objects.requireNonNull(ended.handle((value, failure) -> failure).join());
  }

  private static void expectDump(@Nullable Throwable failure, String fault) {
    assertThat(failure)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("test thread was interrupted: ")
        .hasMessageContaining(fault)
        .hasMessageContaining("\nthreads:\n")
        .hasMessageContaining("Flusher");
  }

  private Fault blockInBackground(Operation operation) throws InterruptedException {
    Fault fault = faults.on(operation).block();
    store.set("k", "v".getBytes(UTF_8));
    time.advance(ofSeconds(5));
    fault.awaitBlocked();
    return fault;
  }

  @Test
  void aFlushThatAFaultBlocksOnTheTestThread() {
    faults.on(Operation.SYNC).file("*.seg").block();
    store.set("k", "v".getBytes(UTF_8));

    expectDump(interrupted(store::flush), "on SYNC of *.seg: block");
  }

  @Test
  void aFlushThatWaitsForOneWhichAFaultBlocksInTheBackground() throws Exception {
    Fault fault = blockInBackground(Operation.SYNC);

    expectDump(interrupted(store::flush), "on SYNC: block");
    fault.release();
    assertThat(store).hasPersisted("k");
  }

  @Test
  void everyCallThatWaitsForABlockedFlush() throws Exception {
    blockInBackground(Operation.APPLY);
    List<ThrowingCallable> calls =
        List.of(
            store::clear,
            () -> harness.open(harness.url(), "namespace=other").flush(),
            () -> harness.registry().open(harness.url()).flush(),
            harness::stop);
    for (ThrowingCallable call : calls) {
      expectDump(interrupted(call), "on APPLY: block");
    }
  }

  @Test
  void aCallThatWaitsForOneWhichIsSlowWhileNobodyMovesTime() {
    faults.on(Operation.SYNC).file("*.seg").slow(ofSeconds(2));
    store.set("k", "v".getBytes(UTF_8));
    time.advance(ofSeconds(5));

    expectDump(interrupted(store::flush), "take PT2S");
  }

  @Test
  void aRecoveryThatAFaultBlocks() throws InterruptedException {
    store.set("k", "v".getBytes(UTF_8));
    store.flush();
    harness.crash(Crash.PROCESS_KILL);
    Fault fault = faults.on(Operation.OPEN).block();

    assertThat(interruptedWhen(fault, harness::reopen))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a fault holds its call")
        .hasMessageContaining("LogBackend");
  }

  @Test
  void aWaitForAThreadToBeBlocked() {
    Fault fault = faults.on(Operation.SYNC).block();
    harness.without(Check.UNFIRED_FAULTS);
    assertThat(interrupted(fault::awaitBlocked))
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("interrupted before the fault on SYNC: block")
        .hasMessageContaining("\nthreads:\n");

    NadbHarness impatient =
        NadbHarness.create(HarnessSettings.DEFAULT.withPatience(java.time.Duration.ofMillis(10)));
    assertThatThrownBy(() -> impatient.faults().on(Operation.SYNC).block().awaitBlocked())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no thread came to be blocked by the fault on SYNC: block\nthreads:");
    impatient.check();
  }

  @Test
  void theProcessCanCrashInTheMidstOfARecovery() {
    store.set("kept", "v".getBytes(UTF_8));
    store.flush();
    harness.crash(Crash.TORN_WRITE);
    Fault fault = faults.on(Operation.OPEN).block();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    start(harness::reopen, ended);
    assertThat(awaitBlocked(fault)).isTrue();

    assertThat(harness.crash(Crash.POWER_CUT)).lostNothing();
    assertThat(ended.handle((value, failure) -> failure).join())
        .isInstanceOf(IllegalStateException.class);
    assertThat(harness.reopen()).containsOnlyKeys("kept");
  }

  private static boolean awaitBlocked(Fault fault) {
    try {
      fault.awaitBlocked();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void theProcessCanCrashWhileItIsBeingStopped() {
    store.set("k", "v".getBytes(UTF_8));
    Fault fault = faults.on(Operation.SYNC).file("*.seg").block();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    start(harness::stop, ended);
    assertThat(awaitBlocked(fault)).isTrue();

    CrashReport report = harness.crash(Crash.POWER_CUT);
    assertThat(report.inDoubt()).extracting(LostWrite::key).containsExactly("k");
    ended.handle((value, failure) -> failure).join();
    assertThat(harness.reopen()).isEmpty();
  }

  @Test
  void theEndOfTheHarnessLetsGoWhoeverIsHeld() throws Exception {
    for (boolean slow : List.of(true, false)) {
      NadbHarness other = NadbHarness.create(HarnessSettings.DEFAULT);
      KeyValueStore held = other.open("nadb:fs:?flush=5s");
      Faults.Rule rule = other.faults().on(Operation.SYNC).file("*.seg");
      Fault fault = slow ? rule.slow(ofSeconds(2)) : rule.block();
      held.set("k", "v".getBytes(UTF_8));
      other.time().advance(ofSeconds(5));
      assertThat(fault.fired()).isEqualTo(1);

      other.close();
      assertThat(held).isClosed();
    }
  }

  @Test
  void theEndOfTheHarnessLetsGoAThreadThatStopsIt() {
    store.set("k", "v".getBytes(UTF_8));
    Fault fault = faults.on(Operation.SYNC).file("*.seg").block();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    start(harness::stop, ended);
    assertThat(awaitBlocked(fault)).isTrue();

    assertThat(harness.check()).isEmpty();
    assertThat(ended.join()).isTrue();
  }

  @Test
  void anInterruptedCallThatNothingHoldsIsMade() {
    harness.without(Check.UNFIRED_FAULTS);
    faults.on(Operation.DELETE).file("*.never").block();
    Thread.currentThread().interrupt();
    store.set("k", "v".getBytes(UTF_8));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(store).containsEntry("k", "v");
  }

  @Test
  void whatACallThrowsShowsWhoMadeIt() {
    faults.on(Operation.DELETE).file("*.never").block();
    faults.on(Operation.READ).fail(new IllegalArgumentException("odd"));
    store.set("k", "v".getBytes(UTF_8));
    store.flush();

    assertThatThrownBy(() -> store.get("k"))
        .hasMessage("odd")
        .hasStackTraceContaining("whatACallThrowsShowsWhoMadeIt");
    harness.without(Check.UNFIRED_FAULTS);
  }
}
