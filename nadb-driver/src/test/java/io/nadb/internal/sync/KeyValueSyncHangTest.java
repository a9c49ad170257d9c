package io.nadb.internal.sync;

import static io.nadb.internal.sync.Tick.threadOf;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.TimeSource;
import io.nadb.testing.ForwardingTime;
import io.nadb.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that hangs, and the second thread that takes over from the one in it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncHangTest {
  private static final String WORKER = "nadb-sync-test";
  private static final String STAND_BY = WORKER + "-standby";
  private static final Duration GRACE = ofSeconds(1);
  private static final Duration ALMOST = GRACE.minusMillis(1);

  private final ManualTime time = new ManualTime();
  private final WatchedTime watched = new WatchedTime(time);
  private final KeyValueSync sync = new KeyValueSync(watched, WORKER);
  private final Tick hanging = new Tick("hanging");
  private final Tick good = new Tick("good");

  /** Tells which background threads there are, and how often the stand-by has gone to sleep. */
  private static final class WatchedTime extends ForwardingTime {
    final List<String> owners = new CopyOnWriteArrayList<>();
    final AtomicInteger sleeps = new AtomicInteger();
    final AtomicBoolean exhausted = new AtomicBoolean();

    WatchedTime(TimeSource real) {
      super(real);
    }

    @Override
    public Alarm newAlarm(String owner) {
      if (exhausted.get()) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      owners.add(owner);
      Alarm alarm = super.newAlarm(owner);
      return new Alarm() {
        @Override
        public void awaitUntil(long deadlineNanos) throws InterruptedException {
          if (owner.equals(STAND_BY)) {
            sleeps.incrementAndGet();
          }
          alarm.awaitUntil(deadlineNanos);
        }

        @Override
        public void ring() {
          alarm.ring();
        }

        @Override
        public void close() {
          owners.remove(owner);
          alarm.close();
        }
      };
    }
  }

  /** A task that is due when a test says so, and otherwise never. */
  private static final class Request extends Tick {
    final AtomicBoolean requested = new AtomicBoolean();
    final AtomicInteger served = new AtomicInteger();

    Request(String name) {
      super(name);
    }

    @Override
    public long runDue(long nowNanos) {
      if (requested.getAndSet(false)) {
        super.runDue(nowNanos);
        served.incrementAndGet();
      }
      return Long.MAX_VALUE;
    }
  }

  @AfterEach
  void noTaskWasRunByTwoThreadsAtOnce() {
    assertThat(hanging.overlaps).hasValue(0);
    assertThat(good.overlaps).hasValue(0);
  }

  private static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
  }

  private void register(Tick... ticks) {
    for (Tick tick : ticks) {
      tick.join(sync);
    }
  }

  private void deregister(Tick... ticks) {
    for (Tick tick : ticks) {
      tick.leave();
    }
  }

  /** Two tasks, of which one hangs as soon as both are due. */
  private ManualTime.Hold hang() {
    register(hanging, good);
    ManualTime.Hold hold = hanging.hang(time);
    time.advance(ofSeconds(1));
    hold.untilReached();
    return hold;
  }

  @Test
  void theOthersGoOnAfterTheGraceAndNotBefore() {
    ManualTime.Hold hold = hang();
    Thread stuck = threadOf(hanging);
    int hangingRuns = hanging.runs.get();
    int runs = good.runs.get();
    time.advance(ALMOST);
    assertThat(good.runs).hasValue(runs);
    assertThat(sync.status().stalled()).isEmpty();
    assertThat(sync.status().takeovers()).isZero();
    time.advance(ofMillis(1));

    assertThat(good.runs).hasValue(runs + 1);
    assertThat(threadOf(good)).isNotSameAs(stuck);
    assertThat(threadOf(good).getName()).isEqualTo(WORKER);
    assertThat(sync.status().takeovers()).isEqualTo(1);
    assertThat(sync.status().stalled()).containsExactly("hanging");
    assertThat(sync.status().stores()).containsExactly("hanging", "good");
    assertThat(sync.status().running()).isTrue();
    assertThat(sync.status().maxLag()).isEqualTo(GRACE);
    time.advance(ofSeconds(10));
    assertThat(good.runs).as("from now on it is on time").hasValue(runs + 11);
    assertThat(hanging.runs).hasValue(hangingRuns);
    assertThat(sync.status().lag()).isZero();
    assertThat(sync.status().takeovers()).isEqualTo(1);
    hold.release();
    deregister(hanging, good);
  }

  @Test
  void aTaskThatComesBackIsRunByTheNewThread() throws Exception {
    ManualTime.Hold hold = hang();
    Thread stuck = threadOf(hanging);
    time.advance(ofSeconds(5));
    int runs = hanging.runs.get();
    int others = good.runs.get();
    hold.release();
    stuck.join();

    assertThat(hanging.runs).as("it is late, and run at once").hasValue(runs + 1);
    assertThat(good.runs).as("nobody else is woken by it").hasValue(others);
    time.advance(ofSeconds(1));
    runs++;
    assertThat(threadOf(hanging)).isSameAs(threadOf(good)).isNotSameAs(stuck);
    assertThat(sync.status().stalled()).isEmpty();
    time.advance(ofSeconds(3));
    assertThat(hanging.runs).hasValue(runs + 4);
    assertThat(watched.owners).as("the new one once stood by").containsExactly(STAND_BY, STAND_BY);
    deregister(hanging, good);
  }

  @Test
  void aTaskThatComesBackInTimeKeepsItsThread() {
    ManualTime.Hold hold = hang();
    Thread thread = threadOf(hanging);
    time.advance(ALMOST);
    int runs = good.runs.get();
    hold.release();
    assertThat(good.runs).hasValue(runs + 1);
    time.advance(ofSeconds(5));

    assertThat(threadOf(good)).isSameAs(thread);
    assertThat(threadOf(hanging)).isSameAs(thread);
    assertThat(sync.status().takeovers()).isZero();
    deregister(hanging, good);
  }

  @Test
  void aTaskThatThrowsWhenItComesBackIsCountedAndRests() {
    AtomicBoolean broken = new AtomicBoolean();
    Tick failing =
        new Tick("failing") {
          @Override
          public long runDue(long nowNanos) {
            long next = super.runDue(nowNanos);
            if (broken.get()) {
              throw new IllegalStateException("disk is gone");
            }
            return next;
          }
        };
    register(failing, good);
    broken.set(true);
    ManualTime.Hold hold = failing.hang(time);
    time.advance(ofSeconds(4));
    int runs = failing.runs.get();
    hold.release();

    assertThat(sync.status().failures()).isPositive();
    assertThat(sync.status().lastFailure())
        .contains("failing: java.lang.IllegalStateException: disk is gone");
    assertThat(threadOf(failing)).isSameAs(threadOf(good));
    time.advance(ofSeconds(2));
    assertThat(failing.runs).hasValueBetween(runs + 2, runs + 3);
    deregister(failing, good);
  }

  @Test
  void aHangInAStepIsAHangToo() {
    ManualTime.Hold place = time.hold();
    AtomicBoolean armed = new AtomicBoolean();
    Tick stepping =
        new Tick("stepping") {
          @Override
          public boolean runStep() {
            if (armed.get()) {
              place.pass();
            }
            return false;
          }
        };
    register(stepping, good);
    armed.set(true);
    time.advance(ofSeconds(1));
    int runs = good.runs.get();
    time.advance(GRACE);

    assertThat(good.runs).hasValue(runs + 1);
    assertThat(sync.status().stalled()).containsExactly("stepping");
    place.release();
    assertThat(sync.status().stalled()).isEmpty();
    deregister(stepping, good);
  }

  @Test
  void eachOfSeveralHangingTasksCostsTheOthersTheGraceOnce() {
    Tick second = new Tick("second");
    Tick third = new Tick("third");
    register(hanging, second, third, good);
    List<Tick> all = List.of(hanging, second, third);
    List<ManualTime.Hold> holds = new ArrayList<>();
    all.forEach(tick -> holds.add(tick.hang(time)));
    int runs = good.runs.get();
    time.advance(ofSeconds(1).plus(GRACE.multipliedBy(3)).minusMillis(1));
    assertThat(good.runs).hasValue(runs);
    time.advance(ofMillis(1));

    assertThat(good.runs).hasValue(runs + 1);
    assertThat(sync.status().stalled()).containsExactly("hanging", "second", "third");
    assertThat(sync.status().takeovers()).isEqualTo(3);
    assertThat(watched.owners).as("one for each, a worker and a stand-by").hasSize(5);
    time.advance(ofSeconds(60));
    assertThat(good.runs).hasValue(runs + 61);
    assertThat(watched.owners).hasSize(5);

    holds.get(1).release();
    assertThat(sync.status().stalled()).containsExactly("hanging", "third");
    assertThat(threadOf(second)).isSameAs(threadOf(good));
    holds.get(0).release();
    holds.get(2).release();
    assertThat(sync.status().stalled()).isEmpty();
    assertThat(watched.owners).hasSize(2);
    time.advance(ofSeconds(2));
    assertThat(all).allMatch(tick -> threadOf(tick) == threadOf(good));
    assertThat(sync.status().takeovers()).isEqualTo(3);
    deregister(hanging, second, third, good);
    assertThat(watched.owners).isEmpty();
  }

  @Test
  void aRingIsServedAfterTheGraceAlthoughNothingIsDue() {
    Request asked = new Request("asked");
    Request hung = new Request("hung");
    register(hung, asked);
    time.advance(ofHours(1));
    ManualTime.Hold hold = hung.hang(time);
    hung.requested.set(true);
    hung.wake();
    asked.requested.set(true);
    asked.wake();
    time.advance(ALMOST);
    assertThat(asked.served).hasValue(0);
    time.advance(ofMillis(1));
    assertThat(asked.served).hasValue(1);

    asked.requested.set(true);
    asked.wake();
    assertThat(asked.served).as("the new thread serves at once").hasValue(2);
    assertThat(hung.served).hasValue(0);
    hold.release();
    assertThat(hung.served).hasValue(1);
    deregister(hung, asked);
  }

  @Test
  void noBackgroundThreadWakesUpWhileNothingHappens() {
    register(new Request("a"), new Request("b"));
    time.advance(GRACE);
    long rounds = sync.status().rounds();
    int sleeps = watched.sleeps.get();
    time.advance(ofHours(1));
    assertThat(sync.status().rounds()).isEqualTo(rounds);
    assertThat(watched.sleeps).hasValue(sleeps);
  }

  @Test
  void theStandByWakesUpTwiceForEachBurstOfWork() {
    Request a = new Request("a");
    Request b = new Request("b");
    register(a, b);
    time.advance(GRACE);
    int sleeps = watched.sleeps.get();
    for (int burst = 0; burst < 10; burst++) {
      for (int i = 0; i < 100; i++) {
        a.wake();
      }
      time.advance(ofSeconds(5));
    }
    assertThat(watched.sleeps).hasValue(sleeps + 20);
    deregister(a, b);
  }

  /** A task that is due every ten seconds, and during which time passes. */
  private final class Lasting extends Tick {
    private final Duration duration;
    private long next = 10 * SECOND;

    Lasting(String name, Duration duration) {
      super(name);
      this.duration = duration;
    }

    @Override
    public long runDue(long nowNanos) {
      if (nowNanos >= next) {
        super.runDue(nowNanos);
        next += 10 * SECOND;
        time.advance(duration);
      }
      return next;
    }
  }

  @Test
  void severalShortTasksInARowAreNoHang() {
    List<Tick> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(new Lasting("task" + i, ofMillis(900)));
    }
    all.forEach(tick -> tick.join(sync));
    time.advance(ofSeconds(60));
    assertThat(all).allSatisfy(task -> assertThat(task.runs).hasValue(6));
    assertThat(sync.status().maxLag()).isEqualTo(ofMillis(4 * 900));
    assertThat(sync.status().takeovers()).isZero();
    all.forEach(Tick::leave);
  }

  @Test
  void longHealthyWorkIsDoneAndTheOthersDoNotWaitForIt() {
    Tick slow = new Lasting("slow", ofSeconds(3));
    AtomicLong latest = new AtomicLong();
    AtomicLong longest = new AtomicLong();
    Tick quick =
        new Tick("quick") {
          @Override
          public long runDue(long nowNanos) {
            longest.accumulateAndGet(nowNanos - latest.getAndSet(nowNanos), Math::max);
            return super.runDue(nowNanos);
          }
        };
    register(slow, quick);
    time.advance(ofSeconds(60));

    assertThat(slow.runs).hasValue(6);
    assertThat(sync.status().takeovers()).isEqualTo(6);
    assertThat(Duration.ofNanos(longest.get())).isLessThanOrEqualTo(ofSeconds(1).plus(GRACE));
    assertThat(sync.status().failures()).isZero();
    assertThat(watched.owners).hasSize(2);
    deregister(slow, quick);
  }

  @Test
  void timeMayJumpWhileManyThreadsWakeIt() throws Exception {
    register(hanging, good);
    List<FutureTask<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          start(
              () -> {
                for (int round = 0; round < 500; round++) {
                  int before = good.runs.get();
                  good.wake();
                  assertThat(good.runs.get()).isGreaterThan(before);
                }
              }));
    }
    for (int jump = 0; jump < 500; jump++) {
      time.advance(GRACE);
    }
    for (FutureTask<Boolean> thread : threads) {
      assertThat(thread.get()).isTrue();
    }
    deregister(hanging, good);
    assertThat(watched.owners).isEmpty();
  }

  @Test
  void aSingleTaskHasNoSecondThreadEvenIfItHangs() {
    register(hanging);
    assertThat(watched.owners).containsExactly(WORKER);
    register(good);
    assertThat(watched.owners).containsExactly(WORKER, STAND_BY);
    deregister(good);
    assertThat(watched.owners).containsExactly(WORKER);

    ManualTime.Hold hold = hanging.hang(time);
    time.advance(ofSeconds(60));
    assertThat(watched.owners).containsExactly(WORKER);
    assertThat(sync.status().stalled()).containsExactly("hanging");
    assertThat(sync.status().takeovers()).isZero();
    hold.release();
    assertThat(sync.status().stalled()).isEmpty();
    deregister(hanging);
    assertThat(watched.owners).isEmpty();
  }

  @Test
  void aTaskThatComesWhileTheOnlyOneHangsIsRunAtOnce() {
    register(hanging);
    ManualTime.Hold hold = hanging.hang(time);
    time.advance(ofSeconds(60));
    register(good);

    assertThat(good.runs).hasPositiveValue();
    assertThat(sync.status().takeovers()).isEqualTo(1);
    hold.release();
    deregister(hanging, good);
    assertThat(watched.owners).isEmpty();
  }

  @Test
  void takingAHangingTaskAwayKeepsNobodyFromComingGoingOrRunning() throws Exception {
    ManualTime.Hold hold = hang();
    time.advance(GRACE);
    FutureTask<Boolean> removing = Tick.startAndAwaitWaiting(() -> hanging.leave());
    for (int i = 0; i < 3; i++) {
      Tick guest = new Tick("guest");
      register(guest);
      assertThat(guest.runs).hasPositiveValue();
      int runs = good.runs.get();
      time.advance(ofSeconds(2));
      assertThat(good.runs).hasValue(runs + 2);
      deregister(guest);
    }
    deregister(good);

    assertThat(removing).isNotDone();
    assertThat(sync.status().stores()).containsExactly("hanging");
    Thread stuck = threadOf(hanging);
    assertThat(stuck.isAlive()).isTrue();
    int runs = hanging.runs.get();
    hold.release();
    assertThat(removing.get()).isTrue();
    assertThat(stuck.isAlive()).isFalse();
    assertThat(threadOf(good).isAlive()).isFalse();
    assertThat(hanging.runs).as("it has not been run again").hasValue(runs);
    assertThat(sync.status().running()).isFalse();
    assertThat(watched.owners).isEmpty();
  }

  @Test
  void allThreadsHaveEndedWhenTheLastTaskHasBeenTakenAway() {
    ManualTime.Hold hold = hang();
    Thread stuck = threadOf(hanging);
    time.advance(GRACE);
    Thread second = threadOf(good);
    hold.release();
    deregister(good, hanging);

    assertThat(stuck.isAlive()).isFalse();
    assertThat(second.isAlive()).isFalse();
    assertThat(watched.owners).isEmpty();
    assertThat(sync.status().running()).isFalse();
    register(hanging, good);
    assertThat(threadOf(good)).isNotSameAs(stuck).isNotSameAs(second);
    deregister(hanging, good);
  }

  @Test
  void theSecondThreadIsADaemonAndPinsNoClassLoader() {
    ManualTime.Hold hold = hang();
    time.advance(GRACE);
    Thread second = threadOf(good);

    assertThat(second.isDaemon()).isTrue();
    assertThat(second.getContextClassLoader()).isNull();
    hold.release();
    deregister(hanging, good);
  }

  @Test
  void withoutAThreadLeftToStandByTheWorkGoesOnAndItIsTriedAgain() {
    register(good);
    watched.exhausted.set(true);
    register(hanging);
    assertThat(hanging.runs).hasPositiveValue();
    assertThat(watched.owners).containsExactly(WORKER);
    assertThat(sync.status().failures()).isPositive();
    assertThat(sync.status().lastFailure())
        .contains("java.lang.OutOfMemoryError: unable to create native thread");
    watched.exhausted.set(false);
    time.advance(ofSeconds(1));

    assertThat(watched.owners).containsExactly(WORKER, STAND_BY);
    deregister(hanging, good);
    assertThat(watched.owners).isEmpty();
  }

  @Test
  void withoutAThreadAtAllNothingHasChanged() {
    watched.exhausted.set(true);
    assertThatThrownBy(() -> register(good)).isInstanceOf(OutOfMemoryError.class);
    assertThat(sync.status().stores()).isEmpty();
    assertThat(sync.status().running()).isFalse();
    watched.exhausted.set(false);
    register(good);
    assertThat(good.runs).hasPositiveValue();
    deregister(good);
  }
}
