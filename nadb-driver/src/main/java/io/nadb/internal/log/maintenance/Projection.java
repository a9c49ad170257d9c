package io.nadb.internal.log.maintenance;

import io.nadb.TimeSource;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.metadata.KeyValueMetadata;
import io.nadb.internal.metadata.Progress;
import io.nadb.internal.metadata.SqliteLibrary;
import io.nadb.internal.report.Logbook;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the metadata database up with the log: a row for each current record, up to a position that
 * is stored with the rows. Used by the sync thread alone, in idle moments; no read of the store
 * looks at it, so whatever happens to it, no answer is wrong.
 *
 * <p>Only what is on disk is projected, so the database never knows more than the log after a
 * crash; if it does all the same, or if the log has something else where the database has come to,
 * it belongs to another log or to another moment, and it is begun anew. Records that are already
 * outdated are passed over.
 *
 * <p>The database is opened when there is one already, or when the log is far enough ahead; a small
 * store never pays for it.
 *
 * <p>Trouble with the file is tried again after the next flush. Whatever else is thrown here, as by
 * a library that is missing or memory that has run out, ends the projection until the store is
 * opened again. Neither comes out of it, and neither holds compaction back.
 */
public final class Projection implements AutoCloseable {
  private static final Logbook LOG = Logbook.of(Projection.class);
  private static final int LAST_STEPS = 16;
  private static final long WORTHWHILE_LAG = 1000;

  /** It rests so many times as long as it works: nobody waits for it, and others want the cores. */
  private static final long REST = 9;

  /** It begins and goes on when no more writes than this came in the last second. */
  private static final long FEW_WRITES = 2000;

  private static final long LOOK_NANOS = 1_000_000_000L;

  private static final long NEVER = -1;

  /** What is said of a failure if there is no memory to say more. */
  private static final String UNKNOWN = "it failed, and memory was too short to say why";

  private final SegmentSet state;
  private final ActiveSegment log;
  private final TimeSource time;
  private final ProjectedLog projected;
  private final @Nullable Path file;
  private @Nullable KeyValueMetadata metadata;

  /** How far the database is known to have come; {@link Progress#NONE} until it is opened. */
  private volatile Progress applied = Progress.NONE;

  private boolean wanted;

  /** Whether the database has to be begun anew, since it can't see any more what it has missed. */
  private boolean lost;

  /** When it goes on, if it rests with work left. */
  private long resumesAt = Long.MAX_VALUE;

  /** When it was last looked how much had been written, and how much that was. */
  private long lookedAt;

  private long seenSequence;

  /** Whether little had been written in the second before. */
  private boolean calm;

  /** What was on disk when it failed, if the last attempt did. */
  private long failedAt = NEVER;

  /** Whether it has ended for as long as the store is open. */
  private boolean ended;

  /** Why the last attempt failed, if it did. */
  private volatile @Nullable String failure;

  /** Prepares it; without a file, there is nothing to be kept up. */
  public Projection(SegmentSet state, ActiveSegment log, TimeSource time, @Nullable Path file) {
    this.state = state;
    this.log = log;
    this.time = time;
    this.projected = new ProjectedLog(state, log);
    this.file = file;
    this.wanted = file != null && Files.exists(file);
    this.lookedAt = time.nanoTime();
    this.seenSequence = log.syncedSequence();
  }

  /**
   * Does a bounded step of catching up, if it is worth while and it need not rest; returns whether
   * there is more.
   *
   * @param hurried whether somebody waits for it: then it does not rest
   */
  public boolean step(boolean hurried) {
    long begin = time.nanoTime();
    if (hurried) {
      return catchUp();
    }
    if (resumesAt != Long.MAX_VALUE && begin - resumesAt < 0) {
      return false;
    }
    if (hasWork() && isBusy(begin)) {
      resumesAt = lookedAt + LOOK_NANOS;
      return true;
    }
    boolean more = catchUp();
    long end = time.nanoTime();
    resumesAt = more ? end + REST * (end - begin) : Long.MAX_VALUE;
    return more;
  }

  /**
   * Whether somebody writes so much that a processor is better left to them: between two flushes of
   * a load, the sync thread has an idle moment, too, and opening SQLite takes a good while.
   */
  private boolean isBusy(long now) {
    long passed = now - lookedAt;
    if (passed >= LOOK_NANOS) {
      long synced = log.syncedSequence();
      calm = passed < 2 * LOOK_NANOS && synced - seenSequence <= FEW_WRITES;
      seenSequence = synced;
      lookedAt = now;
    }
    return !calm;
  }

  private boolean hasWork() {
    return file != null
        && !ended
        && failedAt != log.syncedSequence()
        && (wanted || lag() >= WORTHWHILE_LAG)
        && (lag() > 0 || lost);
  }

  /** When it goes on, if it rests. */
  public long resumesAt() {
    return resumesAt;
  }

  /**
   * Catches up a little. After a failure, of which only the first in a row is logged aloud, it
   * tries again when more has been flushed.
   */
  private boolean catchUp() {
    long synced = log.syncedSequence();
    Path target = file;
    if (target == null || !hasWork()) {
      return false;
    }
    try {
      if (!isUsable()) {
        return false;
      }
      KeyValueMetadata open = open(target);
      boolean more = projected.advance(open);
      applied = open.applied();
      failedAt = NEVER;
      failure = null;
      return more;
    } catch (IOException e) {
      close(metadata);
      Level level = failedAt == NEVER ? Level.WARNING : Level.DEBUG;
      failedAt = synced;
      failed(level, "falls behind, and is tried again after the next flush", e);
    } catch (RuntimeException | Error e) {
      ended = true;
      close(metadata);
      failed(Level.WARNING, "is not kept up any more until the store is opened again", e);
    }
    return false;
  }

  /** Ends the projection if the JVM has no SQLite, which that has said itself. */
  private boolean isUsable() {
    String problem =
        metadata == null
            ? uninterrupted(() -> Optional.ofNullable(SqliteLibrary.problem())).orElse(null)
            : null;
    if (problem != null) {
      ended = true;
      failure = problem;
    }
    return problem == null;
  }

  /** Says what has happened; memory may be short, and a log may fail. */
  private void failed(Level level, String consequence, Throwable e) {
    failure = UNKNOWN;
    try {
      failure = Reason.of(e);
      LOG.log(
          level,
          file
              + " "
              + consequence
              + ": "
              + failure
              + ". No answer of the store depends on it; metadata=none does without",
          e);
    } catch (RuntimeException | Error unsaid) {
      return; // The figures say it.
    }
  }

  /**
   * Whether the database has seen all segments up to this one, or nothing at all: in between, it
   * would miss the deletions that compaction drops.
   */
  boolean isPast(long ordinal) {
    Progress now = applied;
    if (file == null || ended || lost) {
      return true;
    }
    return now.equals(Progress.NONE) ? !wanted : now.segment() > ordinal || lag() == 0;
  }

  /**
   * Whether compaction of this segment had better wait until the database has seen it; not for one
   * that fails, since nobody knows until when.
   */
  boolean holdsBack(long ordinal) {
    return failedAt == NEVER && !isPast(ordinal);
  }

  /** Has the database begun anew: segments it was in the midst of have been rewritten. */
  void lose() {
    lost = true;
  }

  /** Leaves the database as it is: its place may be somebody else's. */
  public void stop() {
    wanted = false;
  }

  /** By how many sequence numbers the database is behind; 0 if there is none to be kept up. */
  public long lag() {
    return file == null ? 0 : Math.max(0, log.syncedSequence() - applied.sequence());
  }

  /** Why the database is not kept up; null if it is, or if there is none to be. */
  public @Nullable String failure() {
    return failure;
  }

  /** Catches up if little is missing, and closes the database. */
  @Override
  public void close() {
    for (int i = 0; i < LAST_STEPS && wanted && catchUp(); i++) {}
    close(metadata);
  }

  private void close(@Nullable KeyValueMetadata open) {
    metadata = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException | RuntimeException | Error e) {
      failed(Level.DEBUG, "could not be closed", e);
    }
  }

  private KeyValueMetadata open(Path target) throws IOException {
    KeyValueMetadata open = metadata;
    if (open == null) {
      wanted = true;
      open = openFile(target);
      metadata = open;
      lost |=
          open.applied().sequence() > log.syncedSequence()
              || !projected.isContinuedAt(open.applied());
    }
    if (lost) {
      metadata = null;
      open.delete();
      open = openFile(target);
      metadata = open;
      lost = false;
    }
    applied = open.applied();
    return open;
  }

  private KeyValueMetadata openFile(Path target) throws IOException {
    return uninterrupted(() -> KeyValueMetadata.open(target, state.id()));
  }

  /** Something that an interruption would make fail. */
  private interface Loading<T extends @Nullable Object, E extends Exception> {
    T load() throws E;
  }

  /**
   * Loading SQLite's library and creating files must not suffer from, nor swallow, an interrupt.
   */
  private static <T extends @Nullable Object, E extends Exception> T uninterrupted(
      Loading<T, E> loading) throws E {
    boolean interrupted = Thread.interrupted();
    try {
      return loading.load();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
