package io.nadb.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A hold keeps threads until it is released, and time goes on meanwhile. */
class HoldTest {
  private final VirtualTime time = new VirtualTime();
  private final Hold hold = time.newHold();
  private final List<Long> begun = new CopyOnWriteArrayList<>();
  private final List<Long> passed = new CopyOnWriteArrayList<>();
  private final List<Worker> workers = new ArrayList<>();

  /** A background thread that comes by each second, at the latest one that has passed. */
  private final class Worker extends Thread {
    final TimeSource.Alarm alarm = time.newAlarm("worker");
    volatile boolean ended;

    Worker() {
      super("worker");
    }

    @Override
    public void run() {
      try (alarm) {
        while (!ended) {
          long second = time.elapsed().toSeconds();
          if (second > 0 && !begun.contains(second)) {
            begun.add(second);
            hold.pass();
            passed.add(second);
          }
          alarm.awaitUntil(ofSeconds(second + 1).toNanos());
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void startWorker() {
    Worker worker = new Worker();
    workers.add(worker);
    worker.start();
    worker.alarm.ring();
  }

  @AfterEach
  void endWorkers() throws InterruptedException {
    hold.release();
    for (Worker worker : workers) {
      worker.ended = true;
      worker.alarm.ring();
      worker.join();
    }
  }

  @Test
  void timeGoesOnWhileABackgroundThreadIsHeldAndItHasCaughtUpWhenItIsReleased() throws Exception {
    startWorker();
    time.advance(ofSeconds(5));
    hold.awaitHeld();
    assertThat(time.elapsed()).isEqualTo(ofSeconds(5));
    assertThat(begun).containsExactly(1L);
    assertThat(passed).isEmpty();
    hold.release();

    assertThat(passed).containsExactly(1L, 5L);
  }

  @Test
  void nobodyIsHeldAfterTheRelease() {
    startWorker();
    hold.release();
    hold.pass();
    time.advance(ofSeconds(2));

    assertThat(passed).containsExactly(1L, 2L);
  }

  @Test
  void anApplicationsThreadIsHeldToo() throws Exception {
    FutureTask<Boolean> passing = new FutureTask<>(hold::pass, true);
    new Thread(passing).start();
    hold.awaitHeld();
    assertThat(passing).isNotDone();
    hold.release();

    assertThat(passing.get()).isTrue();
  }

  @Test
  void anInterruptionEndsTheHoldOfAnApplicationsThread() throws Exception {
    FutureTask<Boolean> passing = new FutureTask<>(hold::pass, true);
    Thread thread = new Thread(passing);
    thread.start();
    hold.awaitHeld();
    thread.interrupt();

    assertThatThrownBy(passing::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("it was blocked by a hold, which nobody has released\nthreads:\n");
  }

  @Test
  void aBackgroundThreadIsHeldThroughAnInterruptionAndStaysInterrupted() throws Exception {
    FutureTask<Boolean> interrupted =
        new FutureTask<>(
            () -> {
              hold.pass();
              return Thread.interrupted();
            });
    TimeSource.Alarm other = time.newAlarm("other");
    Thread background = new Thread(interrupted, "other");
    background.start();
    hold.awaitHeld();
    background.interrupt();
    hold.open();
    assertThat(interrupted.get()).isTrue();
    other.close();
  }

  @Test
  void waitingForAThreadThatDoesNotComeFails() {
    Hold impatient = new VirtualTime(Instant.EPOCH, ofMillis(50)).newHold();

    assertThatThrownBy(impatient::awaitHeld)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("no thread came to be blocked by a hold\nthreads:\n");
  }
}
