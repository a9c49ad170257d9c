package io.nadb.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Durability;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int CAP = 2048;

  private final VirtualTime time = new VirtualTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> admitted = new ArrayList<>();
  private long buffered;
  private Runnable makeRoom = () -> {};
  private final Admission admission =
      new Admission(
          new EngineSettings(
              "test",
              CAP / 2,
              Optional.empty(),
              Optional.empty(),
              Durability.BUFFERED,
              Duration.ofSeconds(30)),
          time,
          lock,
          () -> buffered,
          () -> makeRoom.run());

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private void buffer(long bytes) {
    locked(
        () -> {
          buffered = bytes;
          admission.admit();
        });
  }

  /** Has a thread wait for room, as the last in the queue. */
  private FutureTask<Void> writer(String name, long charge) throws InterruptedException {
    FutureTask<Void> task =
        new FutureTask<>(
            () ->
                locked(
                    () -> {
                      admission.await(charge, true);
                      admitted.add(name);
                    }),
            null);
    start(task);
    return task;
  }

  private Thread start(FutureTask<Void> task) throws InterruptedException {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    time.awaitWaiting(++waiting);
    return thread;
  }

  private int waiting;

  @Test
  void thereIsRoomUpToTheCapAndForOneWriteOfAnySizeInAnEmptyBuffer() {
    locked(
        () -> {
          assertThat(admission.isFree(CAP)).as("all of it").isTrue();
          assertThat(admission.isFree(10 * CAP)).as("alone").isTrue();
          buffered = 1;
          assertThat(admission.isFree(CAP - 1)).as("the rest").isTrue();
          assertThat(admission.isFree(CAP)).as("one byte too many").isFalse();
        });
  }

  @Test
  void roomIsGrantedInTheOrderOfComing() throws Exception {
    buffer(CAP);
    FutureTask<Void> large = writer("large", 1500);
    FutureTask<Void> small = writer("small", 100);
    locked(() -> assertThat(admission.isFree(0)).as("before those who wait").isFalse());
    assertThat(admission.isCrowded()).isTrue();
    assertThat(admission.stalls()).isEqualTo(2);

    buffer(CAP - 1000); // Room for the small one, who is not the first.
    assertThat(admission.isCrowded()).isTrue();

    buffer(CAP - 1500);
    large.get();
    assertThat(admission.isCrowded()).as("what was granted counts").isTrue();
    assertThat(admitted).containsExactly("large");

    locked(() -> admission.giveBack(1500));
    small.get();
    assertThat(admitted).containsExactly("large", "small");
    assertThat(admission.isCrowded()).isFalse();
    locked(() -> assertThat(admission.isFree(1401)).as("beside what the small one has").isFalse());
    locked(() -> assertThat(admission.isFree(1400)).isTrue());
  }

  @Test
  void whoFindsNoRoomInTimeIsToldWhyTheLatestFlushFailed() throws Exception {
    buffer(CAP);
    locked(() -> admission.flushFailed(new IOException("the disk is gone")));
    FutureTask<Void> writer = writer("late", 1);
    time.advance(Duration.ofSeconds(30));
    assertThatThrownBy(writer::get)
        .cause()
        .isInstanceOf(NadbTimeoutException.class)
        .hasMessage(
            "store test: the write buffer holds 2048 bytes, its hard cap is 2048 (twice the option"
                + " 'buffer'); no room within PT30S (option 'write-timeout'); nothing was written."
                + " The latest flush failed: the disk is gone");
    assertThat(admission.isCrowded()).as("after it has left").isFalse();
  }

  @Test
  void whoGivesUpLeavesTheQueueToThoseBehind() throws Exception {
    buffer(CAP - 100);
    FutureTask<Void> first = new FutureTask<>(() -> locked(() -> admission.await(200, true)), null);
    Thread thread = start(first);
    FutureTask<Void> second = writer("second", 100);
    thread.interrupt();
    second.get();
    assertThatThrownBy(first::get)
        .cause()
        .isExactlyInstanceOf(NadbException.class)
        .hasMessageContaining("interrupted while waiting for room; nothing was written");
    thread.join();
  }

  @Test
  void closingSendsAwayThoseWhoWait() throws Exception {
    buffer(CAP);
    FutureTask<Void> writer = writer("late", 1);
    locked(() -> admission.close("close was called"));
    assertThatThrownBy(writer::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("store is closed: test (close was called)");
    locked(() -> assertThatThrownBy(admission::checkOpen).hasMessageContaining("is closed"));
  }

  @Test
  void roomThatCameWhenTheStoreWasClosedIsNotKept() throws Exception {
    buffer(CAP);
    makeRoom =
        () ->
            locked(
                () -> {
                  buffered = 0;
                  admission.admit();
                  admission.close("close was called");
                });
    locked(
        () -> {
          assertThatThrownBy(() -> admission.await(CAP, true)).hasMessageContaining("is closed");
          buffered = 1;
          assertThat(admission.isFree(CAP - 1)).as("given back").isTrue();
        });
  }

  @Test
  void roomThatCameForAWriterWhoFailsIsNotKept() {
    buffer(CAP);
    makeRoom =
        () -> {
          buffer(0);
          throw new OutOfMemoryError("test");
        };
    locked(
        () -> {
          assertThatThrownBy(() -> admission.await(CAP, true)).isInstanceOf(OutOfMemoryError.class);
          assertThat(lock.getHoldCount()).isEqualTo(1);
          buffered = 1;
          assertThat(admission.isFree(CAP - 1)).as("given back").isTrue();
        });
  }
}
