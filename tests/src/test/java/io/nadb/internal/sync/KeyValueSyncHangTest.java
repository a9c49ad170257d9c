package io.nadb.internal.sync;

import static io.nadb.internal.sync.Tick.threadOf;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.testing.WaitingThread;
import io.nadb.testkit.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that hangs, and what becomes of it and of the others. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueSyncHangTest extends HangingTasks {
  private static final Duration ALMOST = GRACE.minusMillis(1);

  @Test
  void theOthersGoOnAfterTheGraceAndNotBefore() {
    Hold hold = hang();
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
    Hold hold = hang();
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
    Hold hold = hang();
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
    Hold hold = failing.hang(time);
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
    Hold place = time.newHold();
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
    List<Hold> holds = new ArrayList<>();
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
    Hold hold = hung.hang(time);
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
  void aTaskThatComesWhileTheOnlyOneHangsIsRunAtOnce() {
    register(hanging);
    Hold hold = hanging.hang(time);
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
    Hold hold = hang();
    time.advance(GRACE);
    FutureTask<Boolean> removing = WaitingThread.start(() -> hanging.leave());
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
}
