package io.nadb.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.SyncStatus;
import io.nadb.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The shared background thread. */
class KeyValueSyncTest {
  private static final long SECOND = 1_000_000_000L;

  private final ManualTime time = new ManualTime();
  private final KeyValueSync sync = new KeyValueSync(time, "nadb-sync-test");

  @Test
  void aTaskRunsAtOnceAndThenWhenItIsDue() {
    Tick tick = new Tick("a");
    sync.register(tick);
    int first = tick.runs.get();
    assertThat(first).isPositive();
    time.advance(Duration.ofMillis(999));
    assertThat(tick.runs).hasValue(first);
    time.advance(Duration.ofMillis(1));
    assertThat(tick.runs).hasValue(first + 1);
    time.advance(Duration.ofSeconds(3));
    assertThat(tick.runs).hasValue(first + 4);
    sync.deregister(tick);
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
    sync.register(bad);
    sync.register(good);
    int before = bad.runs.get();
    time.advance(Duration.ofSeconds(1));

    assertThat(bad.runs).as("it is tried again after a pause").hasValue(before + 1);
    assertThat(good.runs).hasValueGreaterThanOrEqualTo(2);
    assertThat(sync.status().failures()).isEqualTo(bad.runs.get());
    assertThat(sync.status().lastFailure())
        .contains("bad: java.lang.IllegalStateException: out of order");
    assertThat(sync.status().running()).isTrue();
    sync.deregister(bad);
    sync.deregister(good);
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

  private void expectToGoOn(Tick bad, String failure) {
    Tick good = new Tick("good");
    sync.register(good);
    sync.register(bad);
    assertThat(sync.status().failures()).isPositive();
    assertThat(sync.status().lastFailure()).contains(failure);
    int before = good.runs.get();
    sync.wake();

    assertThat(good.runs).hasValue(before + 1);
    assertThat(Tick.threadOf(good).isAlive()).isTrue();
    sync.deregister(bad);
    sync.deregister(good);
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
    sync.register(tick);

    assertThat(steps.get()).isPositive().matches(count -> count % 100 == 0);
    assertThat(tick.runs).as("due work is looked at between steps").hasValue(steps.get());
    sync.deregister(tick);
  }

  @Test
  void theThreadIsADaemonAndPinsNoClassLoader() {
    Tick tick = new Tick("a");
    sync.register(tick);
    Thread thread = Tick.threadOf(tick);

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getContextClassLoader()).isNull();
    assertThat(thread.getName()).isEqualTo("nadb-sync-test");
    sync.deregister(tick);
  }

  @Test
  void theThreadEndsWithTheLastTaskAndStartsAgain() {
    Tick one = new Tick("one");
    Tick two = new Tick("two");
    assertThat(sync.status().running()).isFalse();
    sync.register(one);
    sync.register(two);
    Thread first = Tick.threadOf(one);
    assertThat(sync.status().stores()).containsExactly("one", "two");
    sync.deregister(one);
    assertThat(first.isAlive()).isTrue();
    sync.deregister(two);
    assertThat(first.isAlive()).as("it has ended when deregister returns").isFalse();
    assertThat(sync.status().running()).isFalse();
    assertThat(sync.status().stores()).isEmpty();

    sync.register(one);
    assertThat(Tick.threadOf(one)).isNotSameAs(first);
    assertThat(sync.status().running()).isTrue();
    sync.deregister(one);
    sync.deregister(one);
  }

  @Test
  void takingATaskAwayWaitsUntilItHasEnded() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Tick slow = blocking(entered, leave);
    FutureTask<Boolean> registering = start(() -> sync.register(slow));
    entered.await();
    AtomicInteger runsSeen = new AtomicInteger(-1);
    FutureTask<Boolean> removing =
        Tick.startAndAwaitWaiting(
            () -> {
              sync.deregister(slow);
              runsSeen.set(slow.runs.get());
            });
    assertThat(removing).isNotDone();
    leave.countDown();
    removing.get();
    registering.get();

    assertThat(runsSeen).hasPositiveValue();
    assertThat(Tick.threadOf(slow).isAlive()).isFalse();
  }

  private static Tick blocking(CountDownLatch entered, CountDownLatch leave) {
    return new Tick("slow") {
      @Override
      public long runDue(long nowNanos) {
        entered.countDown();
        try {
          leave.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        return super.runDue(nowNanos);
      }
    };
  }

  private static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
  }

  @Test
  void anInterruptionDoesNotEndTheThread() {
    Tick tick = new Tick("a");
    sync.register(tick);
    Tick.threadOf(tick).interrupt();
    sync.wake();
    time.advance(Duration.ofSeconds(1));

    assertThat(tick.runs).hasValueGreaterThanOrEqualTo(3);
    assertThat(Tick.threadOf(tick).isAlive()).isTrue();
    sync.deregister(tick);
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
    sync.register(late);
    sync.register(fast);
    assertThat(sync.status().lag()).isZero();
    deadline.set(-SECOND / 2);
    sync.wake();

    SyncStatus status = sync.status();
    assertThat(status.maxLag()).isEqualTo(Duration.ofMillis(500));
    assertThat(status.rounds()).isGreaterThanOrEqualTo(4);
    assertThat(status.failures()).isZero();
    sync.deregister(late);
    sync.deregister(fast);
  }

  @Test
  void manyThreadsMayWakeItWhileTasksComeAndGo() throws Exception {
    Tick tick = new Tick("a");
    sync.register(tick);
    List<FutureTask<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Tick own = new Tick("own" + i);
      threads.add(
          start(
              () -> {
                for (int round = 0; round < 50; round++) {
                  sync.register(own);
                  int before = tick.runs.get();
                  sync.wake();
                  assertThat(tick.runs.get()).isGreaterThan(before);
                  sync.deregister(own);
                }
              }));
    }
    for (FutureTask<Boolean> thread : threads) {
      assertThat(thread.get()).isTrue();
    }
    assertThat(sync.status().stores()).containsExactly("a");
    assertThat(sync.status().failures()).isZero();
    sync.deregister(tick);
    assertThat(sync.status().running()).isFalse();
  }

  @Test
  void wakingItWithoutATaskDoesNothing() {
    sync.wake();
    assertThat(sync.status().rounds()).isZero();
  }
}
