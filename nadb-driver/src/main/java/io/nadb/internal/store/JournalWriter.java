package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.Cut;
import io.nadb.spi.Journal;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is written into the journal before a server, in its order, without waiting for the
 * server: the writes of all threads that wait for it together, and the rest when a flush begins.
 *
 * <p>When the journal has failed, the next attempt gives it all that the buffer has, which is all
 * that the server lacks.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held by whoever updates
final class JournalWriter {
  private static final Logbook LOG = Logbook.of(JournalWriter.class);

  private final String store;
  private final WriteBuffer buffer;
  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final GroupCommit group;

  /** Whether the last attempt has failed. */
  @GuardedBy("lock")
  private boolean failed;

  /** Up to which write the journal has all, or has had it until the server did. */
  private volatile long written;

  JournalWriter(
      String store, TimeSource time, WriteBuffer buffer, Journal journal, long recoveredSequence) {
    this.store = store;
    this.buffer = buffer;
    this.journal = journal;
    this.group = new GroupCommit(lock, time::nanoTime);
    this.written = recoveredSequence;
  }

  /** Brings a write into the journal, together with all others that wait for it. */
  void writeThrough(long sequence) {
    if (written < sequence) {
      group.await(sequence, this::writeTo);
    }
  }

  @SuppressWarnings("GuardedBy") // GroupCommit holds the lock
  private void writeTo(long target) {
    if (written < target) {
      append(buffer.takeUnwritten());
    }
  }

  /**
   * Seals what is buffered, once the journal has it; one that fails keeps nothing from the server.
   */
  WriteBuffer.@Nullable Sealed seal() {
    lock.lock();
    try {
      WriteBuffer.Sealed sealed = buffer.seal();
      if (sealed != null) {
        tryToAppend(sealed.unwritten());
      }
      return sealed;
    } finally {
      lock.unlock();
    }
  }

  /** Brings the rest into the journal; returns where all is, or nothing if that has failed. */
  Optional<String> keep() {
    lock.lock();
    try {
      return tryToAppend(buffer.takeUnwritten()) ? Optional.of(journal.place()) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean tryToAppend(MemTable rest) {
    try {
      append(rest);
      return true;
    } catch (NadbException e) {
      LOG.log(Level.DEBUG, "kept in the buffer", e);
      return false;
    }
  }

  @GuardedBy("lock")
  private void append(MemTable rest) {
    boolean all = failed || journal.isLarge();
    MemTable cut = all ? buffer.takeAll() : rest;
    if (!cut.isEmpty()) {
      write(cut, all);
      written = Math.max(written, cut.sequence());
    }
  }

  @GuardedBy("lock")
  private void write(Cut cut, boolean all) {
    try {
      journal.append(cut, all);
    } catch (Throwable e) {
      boolean first = !failed;
      failed = true; // Before words are found for it: memory may be short.
      String what =
          "store "
              + store
              + ": could not write "
              + (cut.size() == 1 ? "1 key" : cut.size() + " keys")
              + " to the spool "
              + journal.place();
      if (first) {
        LOG.log(Level.WARNING, what, e);
      }
      throw new NadbException(
          what
              + ": "
              + Reason.of(e)
              + "; nothing is lost: the buffer keeps the writes, and they go to the server with the"
              + " next flush",
          e);
    }
    if (failed) {
      failed = false;
      LOG.log(Level.INFO, "store {0}: the spool {1} takes writes again", store, journal.place());
    }
  }
}
