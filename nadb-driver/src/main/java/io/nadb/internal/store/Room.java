package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.internal.failure.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The room in a write buffer up to its hard cap: what of it is reserved, and who waits for more, in
 * order. All but {@link #isCrowded} is called with the buffer's lock.
 */
final class Room {
  private final String name;
  private final long capBytes;
  private final Duration timeout;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private long reservedBytes;

  /** Whether writers wait. */
  private volatile boolean crowded;

  /** Why the latest flush failed; null if it did not. */
  private @Nullable Throwable flushFailure;

  Room(String name, long capBytes, Duration timeout) {
    this.name = name;
    this.capBytes = capBytes;
    this.timeout = timeout;
  }

  /** Whether writers wait. */
  boolean isCrowded() {
    return crowded;
  }

  /** Whether a write finds room beside what is buffered, and nobody has come before it. */
  boolean isFree(int charge, long bufferedBytes) {
    return waiters.isEmpty() && fits(charge, bufferedBytes);
  }

  /** Reserves room. */
  void take(int charge) {
    reservedBytes += charge;
  }

  /** Gives back what was reserved. */
  void giveBack(int charge) {
    reservedBytes -= charge;
  }

  /** Has a write wait behind all others. */
  Waiter queue(int charge) {
    Waiter waiter = new Waiter(charge);
    waiters.add(waiter);
    crowded = true;
    return waiter;
  }

  /** Takes somebody out of the queue who waits no longer. */
  void leave(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** Reserves room for those who wait, as far as there is any. */
  void admit(long bufferedBytes) {
    Waiter next = waiters.peek();
    while (next != null && fits(next.charge, bufferedBytes)) {
      reservedBytes += next.charge;
      waiters.remove();
      next.admitted.complete(true);
      next = waiters.peek();
    }
    crowded = next != null;
  }

  /** Sends everybody away. */
  void close() {
    for (Waiter waiter : waiters) {
      waiter.admitted.complete(false);
    }
  }

  /** Notes why a flush failed, which would have made room; null if it did not. */
  void flushFailed(@Nullable Throwable failure) {
    flushFailure = failure;
  }

  /** Says why there was no room. */
  NadbException refused(long bufferedBytes, boolean interrupted) {
    String state =
        "store "
            + name
            + ": the write buffer holds "
            + (reservedBytes + bufferedBytes)
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

  private boolean fits(int charge, long bufferedBytes) {
    long total = reservedBytes + bufferedBytes;
    return total == 0 || total + charge <= capBytes;
  }

  /** A writer in the queue; completed with true when room has been reserved for it. */
  record Waiter(int charge, CompletableFuture<Boolean> admitted) {
    Waiter(int charge) {
      this(charge, new CompletableFuture<>());
    }

    boolean isGranted() {
      return admitted.getNow(false);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
