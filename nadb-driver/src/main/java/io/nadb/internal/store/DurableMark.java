package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Up to which write everything is durable, and who waits for it to move. */
final class DurableMark {
  /** As good as forever, and its nanoseconds can be added to any time. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(36_500);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final List<Waiter> waiters = new ArrayList<>();

  /** Whether the mark will not move any more. */
  @GuardedBy("lock")
  private boolean ended;

  private volatile long sequence;

  DurableMark(TimeSource time, long sequence) {
    this.time = time;
    this.sequence = sequence;
  }

  /**
   * Somebody who waits for a write's durability.
   *
   * @param teller who completes that; null for this thread, since nobody but a thread waits for it
   */
  private record Waiter(
      long sequence, CompletableFuture<@Nullable Void> durable, @Nullable Executor teller) {

    void tell() {
      if (teller == null) {
        durable.complete(null);
        return;
      }
      try {
        teller.execute(() -> durable.complete(null));
      } catch (RuntimeException | Error e) { // No thread is to be had, or they have ended.
        durable.complete(null);
      }
    }
  }

  long sequence() {
    return sequence;
  }

  /** Moves the mark, and lets those go who waited for it. */
  void advance(long to) {
    List<Waiter> reached;
    lock.lock();
    try {
      sequence = to; // Whatever there is no memory for.
      reached = waiters.stream().filter(waiter -> waiter.sequence <= to).toList();
      waiters.removeIf(waiter -> waiter.sequence <= to);
    } finally {
      lock.unlock();
    }
    reached.forEach(Waiter::tell);
  }

  /**
   * What ends, in either way that {@link #await} does, when the mark has come to a write or will
   * not any more.
   *
   * @param teller completes it, since what its user does then is to hold up no flush
   */
  CompletableFuture<@Nullable Void> when(long write, Executor teller) {
    return add(new Waiter(write, new CompletableFuture<>(), teller));
  }

  /**
   * Returns what is completed when the mark has come to a write or will not any more. Whoever has
   * waited long enough completes it.
   */
  CompletableFuture<@Nullable Void> reaching(long write) {
    return add(new Waiter(write, new CompletableFuture<>(), null));
  }

  private CompletableFuture<@Nullable Void> add(Waiter waiter) {
    lock.lock();
    try {
      if (ended || sequence >= waiter.sequence) {
        waiter.durable.complete(null);
      } else {
        waiters.removeIf(each -> each.durable.isDone());
        waiters.add(waiter);
      }
    } finally {
      lock.unlock();
    }
    return waiter.durable;
  }

  /** Waits until the mark has come to a write or will not any more; returns whether it has. */
  boolean await(long write, Duration timeout) throws InterruptedException {
    if (sequence < write && !timeout.isZero() && !timeout.isNegative()) {
      CompletableFuture<@Nullable Void> durable = reaching(write);
      try {
        time.await(durable, bounded(timeout));
      } finally {
        durable.complete(null);
      }
    }
    return sequence >= write;
  }

  /** A timeout whose nanoseconds can be counted. */
  static Duration bounded(Duration timeout) {
    return timeout.compareTo(LONGEST_WAIT) < 0 ? timeout : LONGEST_WAIT;
  }

  /** Lets everybody go, since the mark will not move any more. */
  void release() {
    List<Waiter> left;
    lock.lock();
    try {
      ended = true;
      left = List.copyOf(waiters);
      waiters.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(Waiter::tell);
  }
}
