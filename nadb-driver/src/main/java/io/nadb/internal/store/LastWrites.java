package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of writes once the JVM has begun to end, when no later tick may come: the sync
 * thread brings each to the operating system, where it outlives the process, and the writer waits
 * until it has tried. What is there, it brings to the disk ten times a second.
 *
 * <p>The writer does not do it itself, since a disk may hang, and would keep the JVM from ending.
 * It waits for one that hangs once; from then on writes are merely buffered, until it answers.
 *
 * <p>What is not on disk is said in warnings, the next when it has become twice as much.
 */
final class LastWrites {
  /** As long as the hook itself waits: less than what containers leave a process. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final long SYNC_NANOS = 100_000_000L;

  private static final Logbook LOG = Logbook.of(LastWrites.class);

  private final String name;
  private final TimeSource time;
  private final Runnable wake;
  private final WriteBuffer buffer;
  private final Flusher flusher;

  /** Ends when the next round does, which includes all that is buffered by then. */
  private final AtomicReference<CompletableFuture<@Nullable Void>> nextRound =
      new AtomicReference<>(new CompletableFuture<>());

  private volatile boolean begun;

  /** The round that somebody has waited for in vain, if it has not ended since. */
  private volatile @Nullable CompletableFuture<@Nullable Void> hanging;

  /** From how many keys on it is worth a warning. */
  @GuardedBy("this")
  private long nextWarning = 1;

  /** When what has been written is to be synced; only the sync thread uses it. */
  private long syncAt;

  LastWrites(String name, TimeSource time, Runnable wake, WriteBuffer buffer, Flusher flusher) {
    this.name = name;
    this.time = time;
    this.wake = wake;
    this.buffer = buffer;
    this.flusher = flusher;
    this.syncAt = time.nanoTime();
  }

  boolean haveBegun() {
    return begun;
  }

  /** Flushes, and has all writes from now on treated as the last. */
  void begin() {
    begun = true; // Before anything can hang or fail.
    told(flusher.writeForExit(true));
    wake.run(); // Whoever came before the flush and after its cut is not to wait for a tick.
  }

  /** Waits until the sync thread has tried to bring what is buffered to the operating system. */
  void await() {
    CompletableFuture<@Nullable Void> round = Objects.requireNonNull(nextRound.get());
    wake.run();
    CompletableFuture<@Nullable Void> before = hanging;
    if (before != null && !before.isDone()) {
      warn("the disk or server does not answer");
    } else if (!isOver(round)) {
      hanging = round;
      warn("the disk or server has not answered within " + LIMIT);
    }
  }

  /** Waits, and goes on waiting if the thread is interrupted, as pools do that are shut down. */
  private boolean isOver(CompletableFuture<@Nullable Void> round) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return time.await(round, LIMIT);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Brings what is buffered to the operating system, and now and then to the disk; for the sync
   * thread.
   *
   * @return when it is to be called again at the latest
   */
  long runDue(long nowNanos) {
    CompletableFuture<@Nullable Void> round =
        Objects.requireNonNull(nextRound.getAndSet(new CompletableFuture<>()));
    try {
      boolean syncs = nowNanos - syncAt >= 0;
      told(flusher.writeForExit(syncs));
      if (syncs) {
        syncAt = nowNanos + SYNC_NANOS;
      }
    } finally {
      round.complete(null);
    }
    return BufferUsage.of(buffer.layers()).keys() == 0 ? Long.MAX_VALUE : syncAt;
  }

  private synchronized void told(@Nullable String failure) {
    if (failure == null) {
      nextWarning = 1;
    } else {
      warn(failure);
    }
  }

  /**
   * Also on the standard error, since the log may have ended before: its own hook runs at the same
   * time as NADB's.
   */
  private synchronized void warn(String reason) {
    BufferUsage lost = BufferUsage.of(buffer.layers());
    if (lost.keys() < nextWarning) {
      return;
    }
    nextWarning = 2 * lost.keys();
    String text =
        "store "
            + name
            + ": the JVM is ending, and "
            + lost.keys()
            + " keys ("
            + lost.bytes()
            + " bytes) are not on disk yet: "
            + reason
            + ". They are lost unless a later attempt succeeds before the JVM has ended";
    System.err.println("NADB, " + text);
    LOG.log(Level.WARNING, text);
  }
}
