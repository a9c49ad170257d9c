package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Durability;
import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.jfr.Recordings;
import io.nadb.internal.jfr.Span;
import io.nadb.internal.report.Logbook;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.LocationLostException;
import io.nadb.spi.StorageBackend;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes cuts from the buffer to the backend, one at a time, on whatever thread asks first.
 *
 * <p>States: <i>healthy</i>, or <i>degraded</i> since the last cut failed. A failed cut stays in
 * the buffer and is merged into the next one, which the sync thread tries after a pause that
 * doubles up to the flush interval; whoever calls {@link #flush} tries at once. Lock order: {@code
 * flushing}, then the buffer's lock; user threads never wait for the sync thread while they hold
 * either.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held by whoever updates
final class Flusher {
  private static final Logbook LOG = Logbook.of(Flusher.class);

  private final String name;
  private final TimeSource time;
  private final WriteBuffer buffer;
  private final StorageBackend backend;
  private final StoreProbe probe;
  private final @Nullable JournalWriter journal;
  private final RetryPause pause;
  private final ReentrantLock flushing = new ReentrantLock();
  private final GroupCommit syncs;
  private final GroupCommit writes;
  private final DurableMark durable;
  private final FlushHistory history = new FlushHistory();

  /** Whether the buffer keeps apart what the operating system does not have. */
  @GuardedBy("flushing")
  private boolean writesThrough;

  /**
   * Whether a flush is due that the sync thread found no chance to do. Threads that write through
   * take turns and would never let it in, so the next of them flushes, for which all wait anyway.
   */
  private volatile boolean due;

  /** Whether the sync thread has left a flush to others; for that thread alone. */
  private volatile boolean asked;

  /**
   * Whether the next cut must hold all that is not durable, since the backend has failed, or since
   * nobody has kept apart what it has.
   */
  @GuardedBy("flushing")
  private boolean rewrite;

  @GuardedBy("flushing")
  private boolean closed;

  private volatile long writtenSequence;

  Flusher(
      EngineSettings settings,
      TimeSource time,
      WriteBuffer buffer,
      StorageBackend backend,
      StoreProbe probe) {
    this.name = settings.name();
    this.time = time;
    this.syncs = new GroupCommit(flushing, time::nanoTime);
    this.writes = new GroupCommit(flushing, time::nanoTime);
    this.buffer = buffer;
    this.backend = backend;
    this.probe = probe;
    long recovered = backend.recoveredSequence().orElse(0);
    this.journal =
        backend
            .journal()
            .map(before -> new JournalWriter(name, time, buffer, before, recovered))
            .orElse(null);
    this.writesThrough = settings.durability() == Durability.WRITTEN && journal == null;
    this.pause = new RetryPause(time, settings.flushInterval());
    this.writtenSequence = recovered;
    this.durable = new DurableMark(time, recovered);
  }

  /**
   * Makes everything written so far durable.
   *
   * @throws NadbException if the backend fails; the buffer keeps everything
   */
  void flush(FlushCause cause) {
    flushing.lock();
    try {
      flushHeld(cause);
    } finally {
      flushing.unlock();
    }
  }

  /** Makes a write durable, together with all others that wait for it: they share one fsync. */
  void flushThrough(long sequence, FlushCause cause) {
    if (durable.sequence() < sequence) {
      syncs.await(sequence, target -> flushTo(target, cause));
    }
  }

  /**
   * Brings a write to the operating system, or into the journal before the backend, together with
   * all others that wait for it.
   */
  void writeThrough(long sequence) {
    if (journal != null) {
      journal.writeThrough(sequence);
    } else if (writtenSequence < sequence) {
      writes.await(sequence, this::writeTo);
    }
  }

  /**
   * Flushes in the background, if it is time to, and unless somebody else is at it, who then does
   * it next: failures are kept, logged and retried. For the sync thread.
   *
   * @param nowNanos the monotonic time
   * @return false if somebody else is at it, perhaps with an older cut: then try again soon
   */
  boolean flushQuietly(FlushCause cause, long nowNanos) {
    if (!isRetryDue(nowNanos)) {
      return true;
    }
    if (cause != FlushCause.INTERVAL) {
      return tryFlush(cause); // A full buffer has writers wait, and then the lock is free.
    }
    boolean done = (asked && !due) || tryFlush(cause);
    asked = !done;
    due |= asked;
    return done;
  }

  /** Flushes for a writer that finds no room, unless somebody else is at it. */
  void help(long nowNanos) {
    if (buffer.isFull() && isRetryDue(nowNanos)) {
      tryFlush(FlushCause.SIZE);
    }
  }

  private boolean tryFlush(FlushCause cause) {
    if (!flushing.tryLock()) {
      return false;
    }
    try {
      flushHeld(pause.hasBegun() ? FlushCause.RETRY : cause);
    } catch (NadbException e) {
      LOG.log(Level.DEBUG, "kept for a retry", e);
    } finally {
      flushing.unlock();
    }
    return true;
  }

  /**
   * Brings what is buffered to the operating system, or to the disk, while the JVM ends; the first
   * call does the latter, and has the buffer keep apart from then on what the former has not.
   *
   * @return why it failed, or null
   */
  @Nullable String writeForExit(boolean syncs) {
    flushing.lock();
    try {
      if (closed) {
        return null;
      }
      if (!writesThrough && journal == null) {
        writesThrough = true;
        rewrite = true;
        buffer.trackUnwritten();
      }
      if (syncs || journal != null) {
        flushHeld(FlushCause.SHUTDOWN);
      } else {
        writeHeld(FlushCause.SHUTDOWN);
      }
      return null;
    } catch (NadbException e) {
      return keptInJournal().isPresent() ? null : history.lastFailure();
    } finally {
      flushing.unlock();
    }
  }

  /** Whether there is a journal before the backend. */
  boolean hasJournal() {
    return journal != null;
  }

  /** Where all is that has not been flushed, and stays; empty if that is only the buffer. */
  Optional<String> keptInJournal() {
    return journal == null ? Optional.empty() : journal.keep();
  }

  /** Runs an action while no flush is under way, with the next ones waiting for it. */
  void exclusively(Runnable action) {
    flushing.lock();
    try {
      action.run();
    } finally {
      flushing.unlock();
    }
  }

  /** Ends flushing for good, then runs an action; whoever comes later finds the store closed. */
  void close(Runnable action) {
    flushing.lock();
    try {
      closed = true;
      action.run();
    } finally {
      flushing.unlock();
    }
  }

  boolean isDegraded() {
    return pause.hasBegun();
  }

  boolean isRetryDue(long nowNanos) {
    return pause.isOver(nowNanos);
  }

  /** When the sync thread should try again; only after a failure. */
  long retryAt() {
    return pause.end();
  }

  /** Up to which write everything is durable. */
  DurableMark durable() {
    return durable;
  }

  FlushHistory.Figures figures() {
    return history.figures(pause.hasBegun());
  }

  @SuppressWarnings("GuardedBy") // GroupCommit holds the lock
  private void flushTo(long target, FlushCause cause) {
    if (durable.sequence() < target) {
      flushHeld(cause);
    }
  }

  @SuppressWarnings("GuardedBy") // GroupCommit holds the lock
  private void writeTo(long target) {
    if (writtenSequence < target) {
      if (due) {
        flushHeld(FlushCause.INTERVAL);
      } else {
        writeHeld(FlushCause.DURABILITY);
      }
    }
  }

  @GuardedBy("flushing")
  private void flushHeld(FlushCause cause) {
    checkOpen();
    due = false; // Before the seal: whoever asks later means a later one.
    Span span = Recordings.flush();
    long begun = time.nanoTime(); // Nothing that can fail comes between the seal and the try.
    WriteBuffer.Sealed sealed = journal == null ? buffer.seal() : journal.seal();
    if (sealed == null) {
      if (cause != FlushCause.INTERVAL) {
        checkLocation();
      }
      return;
    }
    MemTable cut = sealed.all();
    long keys = cut.size();
    long bytes = cut.bytes();
    try {
      if (!writesThrough || rewrite) {
        backend.apply(cut, true);
      } else if (sealed.unwritten().isEmpty()) {
        backend.sync();
      } else {
        backend.apply(sealed.unwritten(), true);
      }
    } catch (Throwable e) {
      boolean first = noteFailure();
      NadbException failure = failed(e, "flush " + count(keys) + " (" + bytes + " bytes)", first);
      probe.flushed(span, cause, keys, bytes, time.nanoTime() - begun, history.lastFailure());
      throw failure;
    }
    Instant ended = time.now(); // Before anything changes that must not be left half done.
    try {
      buffer.drop();
    } finally { // The backend has it, whatever there is no memory for.
      history.flushed(cause, keys, bytes, ended);
      writtenSequence = cut.sequence();
      rewrite = false;
      durable.advance(cut.sequence());
    }
    recovered();
    probe.flushed(span, cause, keys, bytes, time.nanoTime() - begun, null);
  }

  /** Sees to it that nobody is told of success whose earlier flushes have been undone. */
  @GuardedBy("flushing")
  private void checkLocation() {
    try {
      backend.checkLocation();
    } catch (Throwable e) {
      boolean first = noteFailure();
      throw failed(e, "find what was flushed", first);
    }
    recovered();
  }

  @GuardedBy("flushing")
  private void writeHeld(FlushCause cause) {
    checkOpen();
    if (rewrite) {
      flushHeld(cause);
      return;
    }
    Span span = Recordings.flush();
    long begun = time.nanoTime();
    MemTable rest = buffer.takeUnwritten();
    if (!rest.isEmpty()) {
      try {
        backend.apply(rest, false);
      } catch (Throwable e) {
        boolean first = noteFailure();
        NadbException failure = failed(e, "write " + count(rest.size()), first);
        long nanos = time.nanoTime() - begun;
        probe.flushed(span, cause, rest.size(), rest.bytes(), nanos, history.lastFailure());
        throw failure;
      }
      writtenSequence = rest.sequence();
    }
  }

  @GuardedBy("flushing")
  private void recovered() {
    if (pause.forget()) {
      LOG.log(Level.INFO, "store {0} is healthy again: the flush succeeded", name);
    }
  }

  @GuardedBy("flushing")
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("store is closed: " + name);
    }
  }

  private static String count(long keys) {
    return keys == 1 ? "1 key" : keys + " keys";
  }

  /**
   * Notes a failure, before anything is said of it, for which there may be no memory; returns
   * whether it is the first in a row.
   */
  @GuardedBy("flushing")
  private boolean noteFailure() {
    rewrite = true;
    history.failed();
    return pause.begin();
  }

  @GuardedBy("flushing")
  private NadbException failed(Throwable e, String what, boolean first) {
    buffer.flushFailed(e); // Before words are found for it: memory may be short.
    String reason = Reason.of(e);
    history.failedBecause(reason);
    if (first) {
      LOG.log(Level.WARNING, "store " + name + " is degraded: could not " + what, e);
    }
    return new NadbException(
        "store "
            + name
            + ": could not "
            + what
            + ": "
            + reason
            + (e instanceof LocationLostException
                ? "; until then the buffer keeps the writes"
                : "; nothing is lost: the buffer keeps the writes, and the flush is retried"),
        e);
  }
}
