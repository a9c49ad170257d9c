package io.nadb.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time stops at each deadline, and returns when all is quiet. */
class VirtualTimeTest {
  private final VirtualTime time =
      new VirtualTime(Instant.parse("2030-01-01T00:00:00Z"), ofSeconds(10));
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final List<Ticker> tickers = new ArrayList<>();

  /** A background thread that notes each tick. */
  private final class Ticker implements Runnable {
    final String name;
    final long interval;
    final TimeSource.Alarm alarm;
    final Thread thread;
    volatile boolean ended;
    volatile Runnable onTick = () -> {};
    volatile Runnable onRing = () -> {};

    Ticker(String name, Duration interval) {
      this.name = name;
      this.interval = interval.toNanos();
      this.alarm = time.newAlarm(name);
      this.thread = new Thread(this, name);
      tickers.add(this);
      thread.start();
      alarm.ring();
    }

    @Override
    public void run() {
      long next = time.nanoTime() + interval;
      try (alarm) {
        while (!ended) {
          alarm.awaitUntil(next);
          if (time.nanoTime() >= next) {
            events.add(name + "@" + time.elapsed().toMillis());
            next += interval;
            onTick.run();
          } else {
            onRing.run();
          }
        }
      } catch (InterruptedException e) {
        events.add(name + " was interrupted");
      }
    }

    void end() throws InterruptedException {
      ended = true;
      alarm.ring();
      thread.join();
    }
  }

  @AfterEach
  void endThreads() throws InterruptedException {
    for (Ticker ticker : tickers) {
      ticker.end();
    }
    assertThat(time.running()).isEmpty();
  }

  @Test
  void nothingMovesByItself() {
    assertThat(time.now()).isEqualTo(time.start());
    assertThat(time.elapsed()).isZero();
  }

  @Test
  void aDeadlineAtTheEndIsPassedAndOneNanosecondLaterIsNot() {
    new Ticker("a", ofSeconds(5));
    time.advance(ofSeconds(5).minusNanos(1));
    assertThat(events).isEmpty();
    time.advance(Duration.ofNanos(1));
    assertThat(events).containsExactly("a@5000");
    assertThat(time.now()).isEqualTo(time.start().plusSeconds(5));
  }

  @Test
  void deadlinesOfAllThreadsComeInOrder() {
    new Ticker("a", ofSeconds(2));
    new Ticker("b", ofSeconds(3));
    time.advance(ofSeconds(7));

    assertThat(events.subList(0, 3)).containsExactly("a@2000", "b@3000", "a@4000");
    assertThat(events.subList(3, 5)).containsExactlyInAnyOrder("a@6000", "b@6000");
    assertThat(time.elapsed()).isEqualTo(ofSeconds(7));
  }

  @Test
  void threadsThatAreDueTogetherWakeInTheOrderOfTheirCreation() {
    for (int i = 0; i < 5; i++) {
      new Ticker("t" + i, ofSeconds(1));
    }
    for (int round = 0; round < 200; round++) {
      events.clear();
      time.advance(ofSeconds(1));
      long now = time.elapsed().toMillis();
      assertThat(events)
          .isEqualTo(IntStream.range(0, 5).mapToObj(i -> "t" + i + "@" + now).toList());
    }
  }

  @Test
  void aRingReturnsWhenTheThreadsItWakesAreQuietAgain() {
    Ticker second = new Ticker("second", ofSeconds(100));
    second.onRing = () -> events.add("second rang");
    Ticker first = new Ticker("first", ofSeconds(100));
    first.onRing =
        () -> {
          second.alarm.ring();
          events.add("first rang");
        };
    for (int i = 0; i < 500; i++) {
      events.clear();
      first.alarm.ring();
      assertThat(List.copyOf(events)).containsExactlyInAnyOrder("first rang", "second rang");
    }
  }

  @Test
  void twoThreadsThatRingEachOtherOnceDoNotWaitForEachOther() {
    Ticker one = new Ticker("one", ofSeconds(1));
    Ticker two = new Ticker("two", ofSeconds(1));
    one.onTick = two.alarm::ring;
    two.onTick = one.alarm::ring;
    time.advance(ofSeconds(3));

    assertThat(events).hasSize(6);
  }

  @Test
  void aBackgroundThreadCannotMoveTime() {
    Ticker ticker = new Ticker("a", ofSeconds(1));
    ticker.onTick =
        () -> {
          try {
            time.advance(ofSeconds(1));
          } catch (IllegalStateException e) {
            events.add(String.valueOf(e.getMessage()));
          }
        };
    time.advance(ofSeconds(1));

    assertThat(events).contains("the background thread a can't move the time that it waits for");
  }

  @Test
  void timeGoesOnlyForward() {
    assertThatThrownBy(() -> time.advance(ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration PT-1S is negative; time only goes forward");
    assertThatThrownBy(() -> time.sleep(ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration PT-1S is negative; time only goes forward");
    time.advanceTo(time.start().plusSeconds(3));
    assertThat(time.elapsed()).isEqualTo(ofSeconds(3));
  }

  @Test
  void aStepOfTheWallClockWakesNobodyAndMovesNoServer() {
    new Ticker("a", ofSeconds(2));
    time.advance(ofSeconds(1));
    time.shiftClock(Duration.ofDays(10));
    assertThat(time.now()).isEqualTo(time.start().plus(Duration.ofDays(10)).plusSeconds(1));
    assertThat(time.elapsed()).isEqualTo(ofSeconds(1));
    assertThat(time.serverTime()).contains(time.start().plusSeconds(1));
    assertThat(events).isEmpty();
    time.advance(ofSeconds(1));
    assertThat(events).containsExactly("a@2000");
    time.shiftClock(Duration.ofDays(-11));
    assertThat(time.now()).isEqualTo(time.start().minus(Duration.ofDays(1)).plusSeconds(2));

    time.advanceTo(time.now().plusSeconds(2));
    assertThat(events).containsExactly("a@2000", "a@4000");
  }

  @Test
  void aThreadThatDoesNotComeToRestFailsTheCallWithItsStack() {
    VirtualTime impatient = new VirtualTime(time.start(), ofMillis(50));
    impatient.newAlarm("nadb-stuck");

    assertThatThrownBy(() -> impatient.advance(ofSeconds(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("background threads run on after PT0.05S\nthreads:\n")
        .hasMessageContaining("aThreadThatDoesNotComeToRestFailsTheCallWithItsStack");
  }

  @Test
  void waitingForTimeThatNobodyMovesFails() {
    VirtualTime impatient = new VirtualTime(time.start(), ofMillis(50));

    assertThatThrownBy(() -> impatient.await(new CompletableFuture<>(), ofSeconds(30)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("waits for up to PT30S of virtual time, and nobody moves it");
  }

  @Test
  void anApplicationsThreadWaitsUntilItsTimeoutHasPassed() throws Exception {
    FutureTask<Boolean> waiter =
        new FutureTask<>(() -> time.await(new CompletableFuture<>(), ofSeconds(3)));
    new Thread(waiter).start();
    time.awaitWaiting(1);
    time.advance(ofSeconds(3).minusNanos(1));
    assertThat(waiter).isNotDone();
    time.advance(Duration.ofNanos(1));

    assertThat(waiter.get()).isFalse();
  }

  @Test
  void anApplicationsThreadGoesOnWhenItIsDone() throws Exception {
    CompletableFuture<String> done = new CompletableFuture<>();
    FutureTask<Boolean> waiter = new FutureTask<>(() -> time.await(done, ofSeconds(3)));
    new Thread(waiter).start();
    time.awaitWaiting(1);
    done.completeExceptionally(new IllegalStateException());

    assertThat(waiter.get()).isTrue();
  }

  @Test
  void aHeldThreadCountsAsWaiting() throws Exception {
    Ticker held = new Ticker("held", ofSeconds(1));
    new Ticker("other", ofSeconds(2));
    CountDownLatch gate = new CountDownLatch(1);
    CompletableFuture<Runnable> hold = new CompletableFuture<>();
    held.onTick =
        () -> {
          held.onTick = () -> {};
          hold.complete(time.hold());
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    time.advance(ofSeconds(4));
    assertThat(events).containsExactly("held@1000", "other@2000", "other@4000");
    hold.get().run();
    gate.countDown();
    time.settle();

    assertThat(events).endsWith("held@4000", "held@4000", "held@4000");
  }

  @Test
  void aBackgroundThreadThatSleepsWakesInTheOrderOfDeadlines() {
    Ticker slow = new Ticker("slow", ofSeconds(1));
    new Ticker("other", ofSeconds(2));
    slow.onTick =
        () -> {
          slow.onTick = () -> {};
          time.sleep(Duration.ZERO);
          time.sleep(ofMillis(1_500));
          events.add("slept@" + time.elapsed().toMillis());
        };
    time.advance(ofSeconds(2));
    assertThat(events).containsExactly("slow@1000", "other@2000");
    time.advance(ofMillis(500));

    assertThat(events).containsExactly("slow@1000", "other@2000", "slept@2500", "slow@2500");
  }

  @Test
  void anApplicationsThreadThatSleepsMovesTimeItself() {
    new Ticker("a", ofSeconds(1));
    time.sleep(ofSeconds(2));

    assertThat(time.elapsed()).isEqualTo(ofSeconds(2));
    assertThat(events).containsExactly("a@1000", "a@2000");
  }

  @Test
  void anInterruptionEndsAnAdvanceAndSaysHowFarItCame() {
    Ticker ticker = new Ticker("a", ofSeconds(1));
    Thread test = Thread.currentThread();
    ticker.onTick =
        () -> {
          if (time.elapsed().equals(ofSeconds(3))) {
            test.interrupt();
          }
        };
    assertThatThrownBy(() -> time.advance(Duration.ofDays(3650)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("main was interrupted: ")
        .hasMessageContaining("\nthreads:\n")
        .hasMessageContaining("VirtualTimeTest");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(time.elapsed()).isBetween(ofSeconds(3), ofSeconds(4));
    time.advanceTo(time.start().plusSeconds(5));
    assertThat(events).contains("a@5000");
  }

  @Test
  void anInterruptionEndsAllOtherWaitsOfATest() throws Exception {
    VirtualTime stuck = new VirtualTime(time.start(), ofSeconds(60));
    stuck.newAlarm("nadb-stuck");
    List<ThrowingCallable> waits =
        List.of(() -> stuck.advance(ofSeconds(1)), stuck::settle, () -> stuck.awaitWaiting(1));
    for (ThrowingCallable wait : waits) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(wait)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("was interrupted: ")
          .hasMessageContaining("\nthreads:\n");
      assertThat(Thread.interrupted()).isTrue();
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> stuck.await(new CompletableFuture<>(), ofSeconds(1)))
        .isInstanceOf(InterruptedException.class)
        .hasMessageContaining("\nthreads:\n");
  }

  @Test
  void whoWaitsForAnotherThreadThatMovesTimeCanBeInterrupted() throws Exception {
    Ticker ticker = new Ticker("a", ofSeconds(1));
    CountDownLatch moving = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    ticker.onTick =
        () -> {
          moving.countDown();
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Thread other = new Thread(() -> time.advance(ofSeconds(1)));
    other.start();
    moving.await();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> time.advance(ofSeconds(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("waits for another thread that moves time");
    assertThat(Thread.interrupted()).isTrue();
    gate.countDown();
    other.join();
  }

  @Test
  void aRingOfAnInterruptedThreadIsServedLikeAnyOther() {
    Ticker ticker = new Ticker("a", ofSeconds(100));
    ticker.onRing = () -> events.add("rang");
    Thread.currentThread().interrupt();
    ticker.alarm.ring();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(events).containsExactly("rang");
  }
}
