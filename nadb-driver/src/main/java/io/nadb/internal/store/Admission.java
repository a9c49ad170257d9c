package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.TimeSource;
import io.nadb.internal.async.WouldWait;
import io.nadb.internal.failure.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may write: while the store is open, and as long as what is buffered and what has been
 * granted stay below the hard cap. Who finds no room queues, first come, first served, and waits
 * without the buffer's lock. What is larger than the cap is admitted alone, into an empty buffer.
 *
 * <p>All is called with the buffer's lock held, but what only reads a volatile field.
 */
@SuppressWarnings({"GuardedBy", "NonAtomicVolatileUpdate"}) // whoever calls holds the lock
final class Admission {
  private final String name;
  private final TimeSource time;
  private final Duration timeout;
  private final long capBytes;
  private final ReentrantLock lock;
  private final LongSupplier buffered;
  private final Runnable makeRoom;

  @GuardedBy("lock")
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  /** Room that has been granted and not been given back. */
  @GuardedBy("lock")
  private long grantedBytes;

  /** Whether writers wait; written under the lock. */
  private volatile boolean crowded;

  /** How often a writer had to wait; written under the lock. */
  private volatile long stalls;

  /** Why the latest flush failed; null if it did not. */
  @GuardedBy("lock")
  private @Nullable Throwable flushFailure;

  @GuardedBy("lock")
  private @Nullable String closedBecause;

  /**
   * Creates it for an empty buffer.
   *
   * @param lock the buffer's
   * @param buffered how many bytes the buffer holds; called with the lock
   * @param makeRoom has the buffer flushed; called without the lock by a writer before it waits
   */
  Admission(
      EngineSettings settings,
      TimeSource time,
      ReentrantLock lock,
      LongSupplier buffered,
      Runnable makeRoom) {
    this.name = settings.name();
    this.time = time;
    this.timeout = settings.writeTimeout();
    this.capBytes = 2 * settings.bufferBytes();
    this.lock = lock;
    this.buffered = buffered;
    this.makeRoom = makeRoom;
  }

  /** Whether writers wait; needs no lock. */
  boolean isCrowded() {
    return crowded;
  }

  /** How often a writer had to wait; needs no lock. */
  long stalls() {
    return stalls;
  }

  /**
   * Sees to it that writes are still taken.
   *
   * @throws IllegalStateException if they aren't
   */
  void checkOpen() {
    if (closedBecause != null) {
      throw new IllegalStateException("store is closed: " + name + " (" + closedBecause + ")");
    }
  }

  boolean isClosed() {
    return closedBecause != null;
  }

  /** Whether a write finds room at once, and nobody has come before it. */
  boolean isFree(long charge) {
    return waiters.isEmpty() && fits(charge);
  }

  /**
   * Queues for room, without the lock, and comes back with the lock and the room, granted; all that
   * has been seen under the lock before may have changed.
   *
   * @param waits whether it may wait at all
   * @throws NadbTimeoutException if there was no room in time
   * @throws NadbException if the thread is interrupted
   * @throws WouldWait if it may not wait
   */
  void await(long charge, boolean waits) {
    if (!waits) {
      throw new WouldWait();
    }
    Waiter waiter = new Waiter(charge);
    waiters.add(waiter);
    crowded = true;
    stalls++;
    boolean interrupted = false;
    boolean goesOn = false;
    lock.unlock();
    try {
      makeRoom.run();
      time.await(waiter.admitted, timeout);
      goesOn = true;
    } catch (InterruptedException e) {
      interrupted = true;
      goesOn = true;
      Thread.currentThread().interrupt();
    } finally {
      lock.lock();
      if (!waiter.isGranted()) {
        waiters.remove(waiter);
        admit();
      } else if (!goesOn || closedBecause != null) {
        giveBack(charge);
      }
    }
    checkOpen();
    if (!waiter.isGranted()) {
      throw refused(interrupted);
    }
  }

  /** Gives back room that was granted, used or not, to those who wait; takes the lock for it. */
  void giveBack(long charge) {
    lock.lock();
    try {
      grantedBytes -= charge;
      admit();
    } finally {
      lock.unlock();
    }
  }

  /** Grants room to those who wait, as far as there is any: more, if less is buffered. */
  void admit() {
    Waiter next = waiters.peek();
    while (next != null && fits(next.charge)) {
      grantedBytes += next.charge;
      waiters.remove();
      next.admitted.complete(true);
      next = waiters.peek();
    }
    crowded = next != null;
  }

  /** Admits nobody from now on, and sends away those who wait. */
  void close(String reason) {
    closedBecause = reason;
    for (Waiter waiter : waiters) {
      waiter.admitted.complete(false);
    }
  }

  /**
   * Notes why a flush failed, for those who wait in vain for the room that it would have made; null
   * if it did not.
   */
  void flushFailed(@Nullable Throwable failure) {
    flushFailure = failure;
  }

  private boolean fits(long charge) {
    long total = grantedBytes + buffered.getAsLong();
    return total == 0 || total + charge <= capBytes;
  }

  /** Says why there was no room. */
  private NadbException refused(boolean interrupted) {
    String state =
        "store "
            + name
            + ": the write buffer holds "
            + (grantedBytes + buffered.getAsLong())
            + " bytes, its hard cap is "
            + capBytes
            + " (twice the option 'buffer'); ";
    if (interrupted) {
      return new NadbException(state + "interrupted while waiting for room; nothing was written");
    }
    return new NadbTimeoutException(
        state
            + "no room within "
            + timeout
            + " (option 'write-timeout'); nothing was written. "
            + (flushFailure == null
                ? "Is the disk slow, full or stuck?"
                : "The latest flush failed: " + Reason.of(flushFailure)),
        flushFailure);
  }

  /** A writer in the queue; completed with true when room has been granted to it. */
  private static final class Waiter {
    final long charge;
    final CompletableFuture<Boolean> admitted = new CompletableFuture<>();

    Waiter(long charge) {
      this.charge = charge;
    }

    boolean isGranted() {
      return admitted.getNow(false);
    }
  }
}
