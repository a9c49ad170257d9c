package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.COMMIT_COUNT_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_CUT_START_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_NEEDED_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_SEQUENCE_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_START_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_SYNCED_END_AT;
import static io.nadb.internal.log.format.SegmentFormat.COMMIT_TIME_AT;
import static io.nadb.internal.log.format.SegmentFormat.COVERED_AT;
import static io.nadb.internal.log.format.SegmentFormat.CRC_AT;
import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.KIND_AT;
import static io.nadb.internal.log.format.SegmentFormat.LENGTH_AT;
import static io.nadb.internal.log.format.SegmentFormat.LONG;

import io.nadb.CorruptStoreException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Walks through the items of a segment, with or without checking them. */
public final class SegmentScanner {
  private final Path file;
  private final Content content;
  private final KeyHasher hasher;
  private final int version;
  private final int commitBytes;

  /**
   * Creates a scanner.
   *
   * @param version the format's, as the segment's header has it
   */
  public SegmentScanner(Path file, Content content, KeyHasher hasher, int version) {
    this.file = file;
    this.content = content;
    this.hasher = hasher;
    this.version = version;
    this.commitBytes = SegmentFormat.commitBytes(version);
  }

  /** A cut's closing record; in version 1, it knows no time. */
  public record Commit(
      int count, long sequence, long cutStart, long syncedEnd, long time, long needed) {}

  /**
   * What checking a segment has found.
   *
   * @param end where the last whole cut ends
   * @param sequence that of the last whole cut; 0 if there is none
   * @param records how many records are in whole cuts
   */
  public record Checked(long end, long sequence, int records) {}

  /**
   * Sees records.
   *
   * @param <E> what it throws
   */
  public interface Visitor<E extends Exception> {
    void visit(LogRecord record) throws E;

    /** Sees a cut's closing record. */
    default void close(Commit commit) {}
  }

  /**
   * Finds where the last whole cut ends, checking every byte.
   *
   * <p>What follows it is torn if the log may have been interrupted there, and damaged if a later
   * cut proves that it had already been on disk.
   *
   * @param from where a cut begins
   * @param limit where the file, or the part of it that counts, ends
   * @param mayBeTorn whether this is where the log ended when the process did
   * @param visitor sees each record, those of a torn cut included
   */
  public <E extends Exception> Checked check(
      long from, long limit, boolean mayBeTorn, Visitor<E> visitor) throws E {
    long end = from;
    long sequence = 0;
    long at = from;
    int count = 0;
    int whole = 0;
    while (true) {
      Commit commit = commit(at, limit);
      if (commit != null) {
        if (commit.cutStart != end || commit.count != count) {
          throw new CorruptStoreException(file, at, "a cut's closing record does not fit its cut");
        }
        at += commitBytes;
        end = at;
        sequence = commit.sequence;
        whole += count;
        count = 0;
        continue;
      }
      LogRecord record = soundRecord(at, limit);
      if (record == null) {
        content.checkReads();
        if (end < limit && !isTorn(at, end, limit, mayBeTorn)) {
          throw new CorruptStoreException(file, at, "the log is damaged");
        }
        return new Checked(end, sequence, whole);
      }
      visitor.visit(record);
      count++;
      at = record.end();
    }
  }

  /** Whether there is a whole cut at an offset; if what is there was on disk, it must be whole. */
  public boolean hasCut(long from, long limit) {
    long at = from;
    while (commit(at, limit) == null) {
      LogRecord record = soundRecord(at, limit);
      if (record == null) {
        content.checkReads();
        if (!isTorn(at, from, limit, true)) {
          throw new CorruptStoreException(file, at, "the log is damaged");
        }
        return false;
      }
      at = record.end();
    }
    return true;
  }

  /**
   * Shows the record at an offset, if it is one; returns where the next item begins.
   *
   * @throws CorruptStoreException if what precedes its value is not as it was written
   */
  public <E extends Exception> long next(long at, long limit, Visitor<E> visitor) throws E {
    if ((content.byteAt(at + KIND_AT) & SegmentFormat.KIND_MASK) == SegmentFormat.KIND_COMMIT) {
      Commit commit = commit(at, limit);
      if (commit == null) {
        content.checkReads();
        throw new CorruptStoreException(file, at, "a cut's closing record is damaged");
      }
      visitor.close(commit);
      return at + commitBytes;
    }
    LogRecord record = LogRecord.read(file, content, at, limit, LogRecord.INITIAL_BYTES);
    if (record == null || !record.hasSoundHead()) {
      content.checkReads();
      throw new CorruptStoreException(file, at, "a record is damaged");
    }
    visitor.visit(record);
    return record.end();
  }

  private @Nullable LogRecord soundRecord(long at, long limit) {
    if (at + SegmentFormat.RECORD_BYTES > limit) {
      return null;
    }
    int kind = content.byteAt(at + KIND_AT) & SegmentFormat.KIND_MASK;
    if (kind != SegmentFormat.KIND_SET
        && kind != SegmentFormat.KIND_DELETE
        && kind != SegmentFormat.KIND_TOUCH) {
      return null;
    }
    LogRecord record = LogRecord.read(file, content, at, limit, LogRecord.INITIAL_BYTES);
    return record == null || !record.isSound(content) ? null : record;
  }

  /**
   * Reads the commit record at an offset; null if there is none that this log has written there.
   */
  @Nullable Commit commit(long at, long limit) {
    if (at + commitBytes > limit
        || content.byteAt(at + KIND_AT) != SegmentFormat.KIND_COMMIT
        || content.intAt(at + LENGTH_AT) != commitBytes) {
      return null;
    }
    byte[] bytes = new byte[commitBytes];
    content.get(at, bytes, 0, bytes.length);
    int sealAt = SegmentFormat.commitSealAt(version);
    if ((int) INT.get(bytes, CRC_AT) != SegmentFormat.crc(bytes, COVERED_AT, bytes.length)
        || (long) LONG.get(bytes, COMMIT_START_AT) != at
        || (long) LONG.get(bytes, sealAt) != hasher.seal(bytes, KIND_AT, sealAt)) {
      return null;
    }
    boolean timed = version > 1;
    return new Commit(
        (int) INT.get(bytes, COMMIT_COUNT_AT),
        (long) LONG.get(bytes, COMMIT_SEQUENCE_AT),
        (long) LONG.get(bytes, COMMIT_CUT_START_AT),
        (long) LONG.get(bytes, COMMIT_SYNCED_END_AT),
        timed ? (long) LONG.get(bytes, COMMIT_TIME_AT) : 0,
        timed ? (long) LONG.get(bytes, COMMIT_NEEDED_AT) : 0);
  }

  /** Reads the commit record with which a part of the segment ends; null if it ends otherwise. */
  public @Nullable Commit commitBefore(long end) {
    Commit commit = end < commitBytes ? null : commit(end - commitBytes, end);
    if (commit == null) {
      content.checkReads();
    }
    return commit;
  }

  /** Whether what stands at {@code at} was never on disk for sure. */
  private boolean isTorn(long at, long cutStart, long limit, boolean mayBeTorn) {
    if (!mayBeTorn) {
      return false;
    }
    long later = SegmentFormat.padded(at + 1);
    for (; later + commitBytes <= limit; later += Position.ALIGNMENT) {
      Commit commit = commit(later, limit);
      if (commit != null && commit.syncedEnd > cutStart) {
        return false;
      }
    }
    content.checkReads();
    return true;
  }
}
