package io.nadb.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.SyncStatus;
import io.nadb.testing.WaitingThread;
import io.nadb.testkit.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shared background thread. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncTest extends SharedThread {
  private void expectToGoOn(Tick bad, String failure) {
    Tick good = new Tick("good");
    good.join(sync);
    bad.join(sync);
    assertThat(sync.status().failures()).isPositive();
    assertThat(sync.status().lastFailure()).contains(failure);
    int before = good.runs.get();
    good.wake();

    assertThat(good.runs).hasValue(before + 1);
    assertThat(Tick.threadOf(good).isAlive()).isTrue();
    bad.leave();
    good.leave();
  }

  private static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
  }

  @Test
  void aTaskRunsAtOnceAndThenWhenItIsDue() {
    Tick tick = new Tick("a");
    tick.join(sync);
    int first = tick.runs.get();
    assertThat(first).isPositive();
    time.advance(Duration.ofMillis(999));
    assertThat(tick.runs).hasValue(first);
    time.advance(Duration.ofMillis(1));
    assertThat(tick.runs).hasValue(first + 1);
    time.advance(Duration.ofSeconds(3));
    assertThat(tick.runs).hasValue(first + 4);
    tick.leave();
    time.advance(Duration.ofSeconds(3));
    assertThat(tick.runs).hasValue(first + 4);
  }

  @Test
  void aTaskThatThrowsIsCountedRestsAndStopsNoOther() {
    Tick good = new Tick("good");
    Tick bad =
        new Tick("bad") {
          @Override
          public long runDue(long nowNanos) {
            super.runDue(nowNanos);
            throw new IllegalStateException("out of order");
          }
        };
    bad.join(sync);
    good.join(sync);
    int before = bad.runs.get();
    time.advance(Duration.ofSeconds(1));

    assertThat(bad.runs).as("it is tried again after a pause").hasValue(before + 1);
    assertThat(good.runs).hasValueGreaterThanOrEqualTo(2);
    assertThat(sync.status().failures()).isEqualTo(bad.runs.get());
    assertThat(sync.status().lastFailure())
        .contains("bad: java.lang.IllegalStateException: out of order");
    assertThat(sync.status().running()).isTrue();
    bad.leave();
    good.leave();
  }

  @Test
  void anErrorStopsNoOtherEither() {
    expectToGoOn(
        new Tick("bad") {
          @Override
          public long runDue(long nowNanos) {
            throw new StackOverflowError("too deep");
          }
        },
        "bad: java.lang.StackOverflowError: too deep");
  }

  @Test
  void aThrowingStepStopsNoOtherEither() {
    expectToGoOn(
        new Tick("bad") {
          @Override
          public boolean runStep() {
            throw new AssertionError("no step");
          }
        },
        "bad: java.lang.AssertionError: no step");
  }

  @Test
  void stepsGoOnUntilThereAreNoMore() {
    AtomicInteger steps = new AtomicInteger();
    Tick tick =
        new Tick("a") {
          @Override
          public boolean runStep() {
            return steps.incrementAndGet() % 100 != 0;
          }
        };
    tick.join(sync);

    assertThat(steps.get()).isPositive().matches(count -> count % 100 == 0);
    assertThat(tick.runs).as("due work is looked at between steps").hasValue(steps.get());
    tick.leave();
  }

  @Test
  void theThreadIsADaemonAndPinsNoClassLoader() {
    Tick tick = new Tick("a");
    tick.join(sync);
    Thread thread = Tick.threadOf(tick);

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getContextClassLoader()).isNull();
    assertThat(thread.getName()).isEqualTo("nadb-sync-test");
    tick.leave();
  }

  @Test
  void theThreadEndsWithTheLastTaskAndStartsAgain() {
    Tick one = new Tick("one");
    Tick two = new Tick("two");
    assertThat(sync.status().running()).isFalse();
    one.join(sync);
    two.join(sync);
    Thread first = Tick.threadOf(one);
    assertThat(sync.status().stores()).containsExactly("one", "two");
    one.leave();
    assertThat(first.isAlive()).isTrue();
    two.leave();
    assertThat(first.isAlive()).as("it has ended when deregister returns").isFalse();
    assertThat(sync.status().running()).isFalse();
    assertThat(sync.status().stores()).isEmpty();

    one.join(sync);
    assertThat(Tick.threadOf(one)).isNotSameAs(first);
    assertThat(sync.status().running()).isTrue();
    one.leave();
    one.leave();
  }

  @Test
  void takingATaskAwayWaitsUntilItHasEnded() throws Exception {
    Tick slow = new Tick("slow");
    slow.join(sync);
    Hold hold = slow.hang(time);
    slow.wake();
    hold.awaitHeld();
    AtomicInteger runsSeen = new AtomicInteger(-1);
    int begun = slow.runs.get();
    FutureTask<Boolean> removing =
        WaitingThread.start(
            () -> {
              slow.leave();
              runsSeen.set(slow.runs.get());
            });
    assertThat(removing).isNotDone();
    hold.release();
    removing.get();

    assertThat(runsSeen).hasValue(begun);
    assertThat(Tick.threadOf(slow).isAlive()).isFalse();
  }

  @Test
  void anInterruptionDoesNotEndTheThread() {
    Tick tick = new Tick("a");
    tick.join(sync);
    Tick.threadOf(tick).interrupt();
    tick.wake();
    time.advance(Duration.ofSeconds(1));

    assertThat(tick.runs).hasValueGreaterThanOrEqualTo(3);
    assertThat(Tick.threadOf(tick).isAlive()).isTrue();
    tick.leave();
  }

  @Test
  void lateWorkIsALag() {
    Tick fast = new Tick("fast");
    AtomicLong deadline = new AtomicLong(Long.MAX_VALUE);
    Tick late =
        new Tick("late") {
          @Override
          public long runDue(long nowNanos) {
            super.runDue(nowNanos);
            return deadline.getAndSet(Long.MAX_VALUE);
          }
        };
    late.join(sync);
    fast.join(sync);
    assertThat(sync.status().lag()).isZero();
    deadline.set(-SECOND / 2);
    late.wake();

    SyncStatus status = sync.status();
    assertThat(status.maxLag()).isEqualTo(Duration.ofMillis(500));
    assertThat(status.rounds()).isGreaterThanOrEqualTo(4);
    assertThat(status.failures()).isZero();
    late.leave();
    fast.leave();
  }

  @Test
  void manyThreadsMayWakeItWhileTasksComeAndGo() throws Exception {
    Tick tick = new Tick("a");
    tick.join(sync);
    List<FutureTask<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Tick own = new Tick("own" + i);
      threads.add(
          start(
              () -> {
                for (int round = 0; round < 50; round++) {
                  own.join(sync);
                  int before = tick.runs.get();
                  tick.wake();
                  assertThat(tick.runs.get()).isGreaterThan(before);
                  own.leave();
                }
              }));
    }
    for (FutureTask<Boolean> thread : threads) {
      assertThat(thread.get()).isTrue();
    }
    assertThat(sync.status().stores()).containsExactly("a");
    assertThat(sync.status().failures()).isZero();
    tick.leave();
    assertThat(sync.status().running()).isFalse();
  }
}
