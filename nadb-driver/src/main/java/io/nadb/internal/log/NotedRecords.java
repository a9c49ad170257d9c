package io.nadb.internal.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads records by positions that somebody noted a while ago, for one question by one thread: a
 * position is only a hint to a key, and what counts is the key's current record.
 *
 * <p>A position whose segment is gone leads nowhere. Compaction notes where it has moved a record
 * before it removes the old segment; so whoever listed positions before, and looks them up after,
 * must ask again: {@link #isOutdone}.
 */
final class NotedRecords {
  private final LogState state;
  private final long removals;
  private boolean metGone;

  /** Begins a question; the positions are to be listed after this. */
  NotedRecords(LogState state) {
    this.state = state;
    this.removals = state.removals();
  }

  /** A record and where it is. */
  record Found(Segment segment, LogRecord record, long position) {}

  /** Whether an answer may be missing a record that was moved since the question began. */
  boolean isOutdone() {
    return metGone && state.removals() != removals;
  }

  /**
   * Reads the record at a position; null if it is gone.
   *
   * @throws io.nadb.CorruptStoreException if it is damaged and current
   */
  @Nullable Found at(long position) {
    Segment segment = state.segmentAt(position);
    if (segment == null) {
      metGone = true;
      return null;
    }
    LogRecord record = segment.soundRecord(Position.offset(position));
    if (record == null) {
      if (state.index().holds(position)) {
        throw segment.damaged(Position.offset(position));
      }
      return null; // An outdated record that is damaged, or was taken back, is nobody's concern.
    }
    return new Found(segment, record, position);
  }

  /** Whether a record is its key's current one. */
  boolean isCurrent(Found found) {
    return state.index().find(state.fingerprint(found.record)) == found.position;
  }

  /** Reads the current record of the key that the record at a position has; null if none. */
  @Nullable Found current(long position) {
    Found noted = at(position);
    return noted == null ? null : current(noted);
  }

  /** Reads the current record of the key of a noted record; null if there is none. */
  @Nullable Found current(Found noted) {
    KeyHasher.Fingerprint key = state.fingerprint(noted.record);
    long current = state.index().find(key);
    if (current == 0) {
      return null;
    }
    if (current == noted.position) {
      return noted;
    }
    return find(state, key, noted.record.namespaceBytes(), noted.record.keyBytes());
  }

  /** Finds a key's current record; null if there is none. */
  static @Nullable Found find(
      LogState state, KeyHasher.Fingerprint fingerprint, byte[] namespace, byte[] key) {
    long missing = 0;
    while (true) {
      long position = state.index().find(fingerprint);
      if (position == 0) {
        return null;
      }
      Segment segment = state.segmentAt(position);
      if (segment == null) { // It was compacted away, and the index knows where to.
        if (position == missing) {
          Path log = state.directory();
          throw new IllegalStateException(
              log + ": the index leads to a segment that is gone; this is a bug");
        }
        missing = position;
      } else {
        LogRecord record = segment.record(Position.offset(position));
        return record.isOf(namespace, key) ? new Found(segment, record, position) : null;
      }
    }
  }
}
