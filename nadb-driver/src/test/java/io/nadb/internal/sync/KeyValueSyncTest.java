package io.nadb.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.SyncStatus;
import io.nadb.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shared background thread. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncTest {
  private static final long SECOND = 1_000_000_000L;

  private final ManualTime time = new ManualTime();
  private final KeyValueSync sync = new KeyValueSync(time, "nadb-sync-test");

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
    ManualTime.Hold hold = slow.hang(time);
    slow.wake();
    hold.untilReached();
    AtomicInteger runsSeen = new AtomicInteger(-1);
    int begun = slow.runs.get();
    FutureTask<Boolean> removing =
        Tick.startAndAwaitWaiting(
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

  private static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
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

  @Test
  void wakingATaskThatHasLeftDoesNothing() {
    Tick tick = new Tick("a");
    Tick other = new Tick("other");
    tick.join(sync);
    other.join(sync);
    tick.leave();
    int before = tick.runs.get();
    tick.wake();
    other.leave();
    tick.wake();
    assertThat(tick.runs).hasValue(before);
    assertThat(sync.status().running()).isFalse();
  }

  @Test
  void wakingATaskCostsTheOthersNothing() {
    List<Tick> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Tick tick = new Tick("tick" + i);
      tick.join(sync);
      all.add(tick);
    }
    List<Integer> before = all.stream().map(tick -> tick.runs.get()).toList();
    all.get(50).wake();

    for (int i = 0; i < 100; i++) {
      assertThat(all.get(i).runs).hasValue(before.get(i) + (i == 50 ? 1 : 0));
    }
    all.forEach(Tick::leave);
  }

  @Test
  void tasksThatAreDueTogetherRunInTheOrderOfTheirComing() {
    List<String> order = new ArrayList<>();
    List<Tick> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Tick tick =
          new Tick("tick" + i) {
            @Override
            public long runDue(long nowNanos) {
              order.add(name());
              return super.runDue(nowNanos);
            }
          };
      tick.join(sync);
      all.add(tick);
    }
    List<String> names = all.stream().map(Tick::name).toList();
    for (int second = 0; second < 3; second++) {
      order.clear();
      time.advance(Duration.ofSeconds(1));
      assertThat(order).isEqualTo(names);
    }
    all.forEach(Tick::leave);
  }

  @Test
  void eachIsRunWhenItIsDueHoweverManyComeAndGo() {
    Random random = new Random(7);
    List<Paced> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Paced tick = new Paced("tick" + i, (1 + random.nextInt(50)) * SECOND / 10);
      tick.join(sync);
      all.add(tick);
      if (i % 3 == 0) {
        Paced leaving = all.remove(random.nextInt(all.size()));
        leaving.leave();
      }
      time.advance(Duration.ofMillis(random.nextInt(300)));
    }
    all.forEach(tick -> tick.runs.set(0));
    long begun = time.nanoTime();
    time.advance(Duration.ofSeconds(100));

    assertThat(all)
        .allSatisfy(
            tick ->
                assertThat((long) tick.runs.get())
                    .isBetween(100 * SECOND / tick.period, 100 * SECOND / tick.period + 1));
    assertThat(time.nanoTime() - begun).isEqualTo(100 * SECOND);
    assertThat(sync.status().maxLag()).isZero();
    all.forEach(Tick::leave);
  }

  /** A task with a period of its own. */
  private static final class Paced extends Tick {
    final long period;

    Paced(String name, long period) {
      super(name);
      this.period = period;
    }

    @Override
    public long runDue(long nowNanos) {
      super.runDue(nowNanos);
      return nowNanos + period;
    }
  }

  @Test
  void dueWorkOfOthersComesBetweenAnyTwoSteps() {
    List<String> order = new ArrayList<>();
    AtomicInteger left = new AtomicInteger();
    Tick stepping =
        new Tick("stepping") {
          @Override
          public boolean runStep() {
            if (left.get() == 0) {
              return false;
            }
            order.add("step");
            time.advance(Duration.ofSeconds(1)); // Meanwhile the other one falls due.
            return left.decrementAndGet() > 0;
          }
        };
    Tick other =
        new Tick("other") {
          @Override
          public long runDue(long nowNanos) {
            order.add("due");
            return super.runDue(nowNanos);
          }
        };
    other.join(sync);
    stepping.join(sync);
    order.clear();
    left.set(3);
    stepping.wake();

    assertThat(order).containsExactly("step", "due", "step", "due", "step", "due");
    stepping.leave();
    other.leave();
  }

  @Test
  void aTaskThatIsAlwaysDueKeepsNobodyFromAStep() {
    AtomicInteger left = new AtomicInteger();
    Tick stepping =
        new Tick("stepping") {
          @Override
          public boolean runStep() {
            return left.get() > 0 && left.decrementAndGet() > 0;
          }
        };
    Tick busy =
        new Tick("busy") {
          @Override
          public long runDue(long nowNanos) {
            super.runDue(nowNanos);
            if (left.get() == 0) {
              return Long.MAX_VALUE;
            }
            stepping.wake();
            return nowNanos;
          }
        };
    busy.join(sync);
    stepping.join(sync);
    left.set(10);
    busy.wake(); // It is due again and again until the other one has got on.

    assertThat(left).hasValue(0);
    stepping.leave();
    busy.leave();
  }
}
