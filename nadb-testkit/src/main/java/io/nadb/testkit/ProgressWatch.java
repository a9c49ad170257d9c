package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits on a monitor for as long as something happens; fails when nothing does any more, or when
 * the waiting thread is interrupted.
 */
final class ProgressWatch {
  private final Object monitor;
  private final long nanos;

  /** Grows with everything that happens. */
  @GuardedBy("monitor")
  private long progress;

  ProgressWatch(Object monitor, long nanos) {
    this.monitor = monitor;
    this.nanos = nanos;
  }

  long nanos() {
    return nanos;
  }

  long progress() {
    synchronized (monitor) {
      return progress;
    }
  }

  /** Something has happened: conditions are looked at anew. */
  void changed() {
    synchronized (monitor) {
      progress++;
      monitor.notifyAll();
    }
  }

  /**
   * Waits until a condition holds, which is asked with the monitor held.
   *
   * @throws AssertionError if nothing has happened for too long, or the thread is interrupted
   */
  void await(BooleanSupplier condition, String failure) {
    synchronized (monitor) {
      long seen = progress;
      long limit = System.nanoTime() + nanos;
      while (!condition.getAsBoolean()) {
        if (seen != progress) {
          seen = progress;
          limit = System.nanoTime() + nanos;
        }
        if (pause(limit - System.nanoTime(), failure)) {
          throw ThreadDump.interrupted(failure);
        }
      }
    }
  }

  /**
   * As {@link #await}, but for a call that in production does not wait and knows no interruption:
   * an interrupted thread waits on, though what happens no longer renews the patience.
   */
  void awaitEvenInterrupted(BooleanSupplier condition, String failure) {
    synchronized (monitor) {
      boolean interrupted = false;
      long seen = progress;
      long limit = System.nanoTime() + nanos;
      try {
        while (!condition.getAsBoolean()) {
          if (seen != progress && !interrupted) {
            seen = progress;
            limit = System.nanoTime() + nanos;
          }
          interrupted |= pause(limit - System.nanoTime(), failure);
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Waits for something to happen; returns whether it was an interruption. */
  @GuardedBy("monitor")
  private boolean pause(long left, String failure) {
    if (left <= 0) {
      throw new AssertionError(
          failure + " after " + Duration.ofNanos(nanos) + "\n" + ThreadDump.take());
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(monitor, left);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
