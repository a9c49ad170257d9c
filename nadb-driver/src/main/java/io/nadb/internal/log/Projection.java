package io.nadb.internal.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.internal.metadata.Change;
import io.nadb.internal.metadata.KeyValueMetadata;
import io.nadb.internal.metadata.MetadataLostException;
import io.nadb.internal.metadata.Position;
import io.nadb.spi.StorageBackend.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the metadata database up with the log: a row for each current record, up to a position that
 * is stored with the rows.
 *
 * <p>Only what is on disk is projected, so the database never knows more than the log after a
 * crash; if it does all the same, it belongs to another log, or the log has lost its end, and it is
 * begun anew. Records that are already outdated are passed over.
 *
 * <p>The database is opened when somebody asks it, when there is one already, or when the log has
 * grown so far ahead that the first question would have to wait; a small store that nobody queries
 * never pays for it.
 */
final class Projection implements AutoCloseable {
  private static final int STEP_CHANGES = 256;
  private static final int STEP_RECORDS = 4096;
  private static final int CATCH_UP_CHANGES = 4096;
  private static final long WORTHWHILE_LAG = 1000;

  private final LogState state;
  private final Log log;
  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable KeyValueMetadata metadata;

  /** How far the database is known to have come; {@link Position#NONE} until it is opened. */
  private volatile Position applied = Position.NONE;

  private volatile boolean wanted;

  Projection(LogState state, Log log, Path file) {
    this.state = state;
    this.log = log;
    this.file = file;
    this.wanted = Files.exists(file);
  }

  /** A question to the database. */
  interface Question<T> {
    T ask(KeyValueMetadata metadata) throws IOException;
  }

  /** Catches up with the log, then asks; again if the database turns out to be lost. */
  <T> T ask(Question<T> question) throws IOException {
    while (true) {
      try {
        return question.ask(caughtUp());
      } catch (MetadataLostException e) {
        applied = Position.NONE;
      }
    }
  }

  /** Does a bounded step of catching up, if it is worth while; returns whether there is more. */
  boolean step() throws IOException {
    return (wanted || lag() >= WORTHWHILE_LAG) && catchUpStep() == Progress.MORE;
  }

  /**
   * Does a bounded step of catching up, unless somebody else is at it; for the sync thread, which
   * does not wait.
   */
  Progress catchUpStep() throws IOException {
    if (lag() == 0) {
      return Progress.READY;
    }
    if (!lock.tryLock()) {
      return Progress.BUSY;
    }
    try {
      return advance(open(), STEP_CHANGES, STEP_RECORDS) ? Progress.MORE : Progress.READY;
    } catch (MetadataLostException e) {
      applied = Position.NONE;
      return Progress.MORE;
    } finally {
      lock.unlock();
    }
  }

  /** What came of an attempt to rewrite segments. */
  enum Outcome {
    /** It was done. */
    RUN,
    /** The database is in the midst of the segments. */
    NOT_PAST,
    /** Somebody is using the database. */
    BUSY
  }

  /**
   * Runs an action that rewrites the segments up to {@code ordinal}, if the database is not in the
   * midst of them and nobody is using it.
   */
  Outcome runIfPast(long ordinal, Rewriting action) throws IOException {
    if (!lock.tryLock()) {
      return Outcome.BUSY;
    }
    try {
      if (!isPast(ordinal)) {
        return Outcome.NOT_PAST;
      }
      action.run();
      return Outcome.RUN;
    } finally {
      lock.unlock();
    }
  }

  /** A change of segments that the projection must not be reading. */
  interface Rewriting {
    void run() throws IOException;
  }

  /**
   * Whether the database has seen all segments up to this one, or nothing at all: in between, it
   * could miss the deletions that compaction drops.
   */
  boolean isPast(long ordinal) {
    Position now = applied;
    return now.equals(Position.NONE) ? !wanted : now.segment() > ordinal || lag() == 0;
  }

  /** By how many sequence numbers the database is behind. */
  long lag() {
    return Math.max(0, log.syncedSequence() - applied.sequence());
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      KeyValueMetadata open = metadata;
      if (open != null) {
        metadata = null;
        open.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Catches up in rounds, one transaction each, with the lock free in between. */
  private KeyValueMetadata caughtUp() throws IOException {
    while (true) {
      lock.lock();
      try {
        KeyValueMetadata open = open();
        if (!advance(open, CATCH_UP_CHANGES, Integer.MAX_VALUE)) {
          return open;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  @GuardedBy("lock")
  private KeyValueMetadata open() throws IOException {
    KeyValueMetadata open = metadata;
    if (open == null) {
      wanted = true;
      open = openFile();
      metadata = open;
      if (open.applied().sequence() > log.syncedSequence() || !isContinuedAt(open.applied())) {
        open.reset();
      }
      applied = open.applied();
    }
    return open;
  }

  /**
   * Loading SQLite's library and creating files must not suffer from, nor swallow, an interrupt.
   */
  private KeyValueMetadata openFile() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return KeyValueMetadata.open(file, state.id());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Whether the log from a position on is as it was written. Compaction waits for the database; but
   * a power cut can take the database back to where it was before, and what was dropped since then
   * would never be seen.
   */
  private boolean isContinuedAt(Position position) {
    if (position.equals(Position.NONE)) {
      return true;
    }
    long expected = position.segment();
    for (Segment segment : state.byOrdinal().tailMap(expected, true).values()) {
      if (segment.ordinal() != expected || segment.header().generation() != 0) {
        return false;
      }
      expected++;
    }
    return expected > position.segment();
  }

  /** Projects some more of the log; returns whether there is a rest. */
  @GuardedBy("lock")
  private boolean advance(KeyValueMetadata open, int maxChanges, int maxRecords)
      throws IOException {
    Position from = open.applied();
    long target = log.syncedSequence();
    applied = from;
    if (from.sequence() >= target) {
      return false;
    }
    List<Change> changes = new ArrayList<>();
    Segment segment = null;
    long at = 0;
    int records = 0;
    boolean more = false;
    for (Map.Entry<Long, Segment> entry :
        state.byOrdinal().tailMap(from.segment(), true).entrySet()) {
      segment = entry.getValue();
      at = segment.ordinal() == from.segment() ? from.offset() : SegmentFormat.HEADER_BYTES;
      long end = segment.syncedEnd();
      SegmentScanner scanner = state.scanner(segment);
      Segment current = segment;
      while (at < end && changes.size() < maxChanges && records < maxRecords) {
        at = scanner.next(at, end, record -> project(current, record, changes));
        records++;
      }
      more = at < end;
      if (more) {
        break;
      }
    }
    if (segment != null) {
      // Within a rest the sequence number stands still, so that the rest is not taken for done.
      long sequence = more ? from.sequence() : target;
      Position upTo = new Position(sequence, segment.ordinal(), at);
      open.apply(changes, upTo);
      applied = upTo;
    }
    return more;
  }

  /**
   * Notes what a record means for the database. An outdated one is passed over, but only if what
   * outdates it is on disk: otherwise a power cut could make it current again.
   */
  private void project(Segment segment, LogRecord record, List<Change> changes) {
    KeyHasher.Fingerprint key = state.fingerprint(record);
    boolean current =
        record.isDelete() ? state.index().find(key) == 0 : state.isCurrent(segment, record, key);
    if (current || log.hasUnsynced()) {
      changes.add(
          record.isDelete()
              ? new Change.Remove(record.namespace(), record.toEntry().key())
              : new Change.Put(record.namespace(), record.toEntry()));
    }
  }
}
