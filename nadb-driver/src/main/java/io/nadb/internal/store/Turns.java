package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets those take turns who have lost again and again, first come, first served, so that each of
 * them gets through; those who win pay nothing for it.
 *
 * <p>Nobody waits without end: who holds the turn of one store and waits for that of another, whose
 * holder waits for this one, goes on without.
 */
final class Turns {
  private final TimeSource time;

  @GuardedBy("this")
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private @Nullable Thread holder;

  /** Whether the holder loses even so, and everybody had better wait; written by the holder. */
  private volatile boolean urgent;

  Turns(TimeSource time) {
    this.time = time;
  }

  private record Waiter(Thread thread, CompletableFuture<Boolean> turn) {}

  /**
   * Waits for a turn.
   *
   * @return whether this thread has it now and must {@link #leave}; not if it has it already, if
   *     the time is over, or if it is interrupted
   */
  boolean enter(Duration timeout) {
    Waiter waiter = new Waiter(Thread.currentThread(), new CompletableFuture<>());
    synchronized (this) {
      if (holder == null) {
        holder = waiter.thread;
        return true;
      }
      if (holder == waiter.thread) {
        return false;
      }
      waiting.add(waiter);
    }
    try {
      time.await(waiter.turn, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      waiting.remove(waiter);
      return waiter.turn.isDone();
    }
  }

  /** Gives the turn to who has waited longest. */
  synchronized void leave() {
    urgent = false;
    Waiter next = waiting.poll();
    holder = next == null ? null : next.thread;
    if (next != null) {
      next.turn.complete(true);
    }
  }

  /** Has everybody wait who begins, since the holder of the turn loses all the same. */
  void insist() {
    urgent = true;
  }

  /** Whether who begins had better wait for a turn. */
  boolean isUrgent() {
    return urgent;
  }
}
