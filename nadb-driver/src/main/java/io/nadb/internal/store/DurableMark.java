package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

  /** Somebody who waits for a write's durability. */
  private record Waiter(long sequence, CompletableFuture<@Nullable Void> durable) {}

  long sequence() {
    return sequence;
  }

  /** Moves the mark, and lets those go who waited for it. */
  void advance(long to) {
    lock.lock();
    try {
      sequence = to;
      waiters.stream()
          .filter(waiter -> waiter.sequence <= to)
          .forEach(waiter -> waiter.durable.complete(null));
      waiters.removeIf(waiter -> waiter.sequence <= to);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the mark has come to a write or will not any more; returns whether it has. */
  boolean await(long write, Duration timeout) throws InterruptedException {
    Waiter waiter = new Waiter(write, new CompletableFuture<>());
    lock.lock();
    try {
      if (sequence >= write) {
        return true;
      }
      if (ended || timeout.isZero() || timeout.isNegative()) {
        return false;
      }
      waiters.add(waiter);
    } finally {
      lock.unlock();
    }
    try {
      time.await(waiter.durable, timeout.compareTo(LONGEST_WAIT) < 0 ? timeout : LONGEST_WAIT);
    } finally {
      lock.lock();
      try {
        waiters.remove(waiter);
      } finally {
        lock.unlock();
      }
    }
    return sequence >= write;
  }

  /** Lets everybody go, since the mark will not move any more. */
  void release() {
    lock.lock();
    try {
      ended = true;
      waiters.forEach(waiter -> waiter.durable.complete(null));
      waiters.clear();
    } finally {
      lock.unlock();
    }
  }
}
