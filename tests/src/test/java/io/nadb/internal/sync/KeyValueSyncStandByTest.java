package io.nadb.internal.sync;

import static io.nadb.internal.sync.Tick.threadOf;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.testkit.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The second thread, which stands by for the first: when there is one, and what it costs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncStandByTest extends HangingTasks {
  private static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    new Thread(task).start();
    return task;
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
        time.sleep(duration);
      }
      return next;
    }
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

  /** Once as soon as the work has begun that lasts a while, and when its grace is over. */
  @Test
  void theStandByWakesUpTwiceForEachBurstOfWork() {
    Request a = new Request("a");
    Request b = new Request("b");
    register(a, b);
    time.advance(GRACE);
    int sleeps = watched.sleeps.get();
    for (int burst = 0; burst < 10; burst++) {
      Hold work = a.hang(time);
      a.requested.set(true);
      a.wake();
      work.release();
      for (int i = 0; i < 99; i++) {
        a.wake();
      }
      time.advance(ofSeconds(5));
    }
    assertThat(watched.sleeps).hasValue(sleeps + 20);
    deregister(a, b);
  }

  @Test
  void severalShortTasksInARowAreNoHang() {
    List<Tick> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(new Lasting("task" + i, ofMillis(900)));
    }
    all.forEach(tick -> tick.join(sync));
    time.advance(ofSeconds(65));
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
    time.advance(ofSeconds(65));

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

    Hold hold = hanging.hang(time);
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
  void allThreadsHaveEndedWhenTheLastTaskHasBeenTakenAway() {
    Hold hold = hang();
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
    Hold hold = hang();
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
