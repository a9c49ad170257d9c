package io.nadb.internal.log.format;

import static io.nadb.internal.log.format.SegmentFormat.INT;
import static io.nadb.internal.log.format.SegmentFormat.KIND_AT;
import static io.nadb.internal.log.format.SegmentFormat.LENGTH_AT;

import io.nadb.internal.log.format.SegmentScanner.Commit;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a segment that may be damaged anywhere, and passes over what is not whole.
 *
 * <p>Where a record's head is whole and its value is not, the head says where the next item begins.
 * Where the head is damaged, the next item is looked for: a cut's closing record, which nobody can
 * have forged, or a record from which a chain of whole ones leads on. A chain that leads to the
 * closing record of another place is not of this segment, but of a copy of one in a value.
 */
public final class SalvageScanner {
  private final Path file;
  private final Content content;
  private final SegmentScanner scanner;
  private final int commitBytes;

  /**
   * Creates a scanner.
   *
   * @param version the format's, as the segment's header has it
   */
  public SalvageScanner(Path file, Content content, KeyHasher hasher, int version) {
    this.file = file;
    this.content = content;
    this.scanner = new SegmentScanner(file, content, hasher, version);
    this.commitBytes = SegmentFormat.commitBytes(version);
  }

  /** Is shown what there is, in its order. */
  public interface Visitor {

    /** Sees a whole record. */
    void visit(LogRecord record);

    /**
     * Sees a cut's closing record.
     *
     * @param end where the cut ends
     */
    void close(Commit commit, long end);

    /**
     * Is told of bytes that hold nothing whole.
     *
     * @param head a record whose value alone is damaged; null if it is not known what was there
     */
    void lose(long from, long to, @Nullable LogRecord head);
  }

  /** Walks from an offset at which an item begins to the end of what counts. */
  public void walk(long from, long limit, Visitor visitor) {
    long at = from;
    while (at < limit) {
      Commit commit = scanner.commit(at, limit);
      LogRecord record = commit == null ? record(at, limit) : null;
      if (commit != null) {
        at += commitBytes;
        visitor.close(commit, at);
      } else if (record == null) {
        long next = next(SegmentFormat.padded(at + 1), limit);
        visitor.lose(at, next, null);
        at = next;
      } else {
        if (record.isSound(content)) {
          visitor.visit(record);
        } else {
          visitor.lose(at, Math.min(limit, record.end()), record);
        }
        at = record.end();
      }
    }
  }

  /** Gives the record at an offset whose head is whole; null if there is none. */
  private @Nullable LogRecord record(long at, long limit) {
    if (at + SegmentFormat.RECORD_BYTES > limit || !isKindOfRecord(content.byteAt(at + KIND_AT))) {
      return null;
    }
    LogRecord record = LogRecord.read(file, content, at, limit, LogRecord.INITIAL_BYTES);
    return record == null || !record.hasSoundHead() ? null : record;
  }

  private static boolean isKindOfRecord(int kind) {
    int masked = kind & SegmentFormat.KIND_MASK;
    return masked == SegmentFormat.KIND_SET
        || masked == SegmentFormat.KIND_DELETE
        || masked == SegmentFormat.KIND_TOUCH;
  }

  /** Finds where the next item begins that is of this segment; the limit if there is none. */
  private long next(long from, long limit) {
    for (long at = from; at + SegmentFormat.RECORD_BYTES <= limit; at += Position.ALIGNMENT) {
      if (scanner.commit(at, limit) != null || (record(at, limit) != null && isChain(at, limit))) {
        return at;
      }
    }
    content.checkReads();
    return limit;
  }

  private boolean isChain(long from, long limit) {
    long at = from;
    while (at < limit) {
      if (scanner.commit(at, limit) != null) {
        return true;
      }
      LogRecord record = record(at, limit);
      if (record == null) {
        return !isClosingRecord(at, limit);
      }
      at = record.end();
    }
    return true;
  }

  /** Whether a cut's closing record stands at an offset, be it of another segment. */
  private boolean isClosingRecord(long at, long limit) {
    if (at + commitBytes > limit || content.byteAt(at + KIND_AT) != SegmentFormat.KIND_COMMIT) {
      return false;
    }
    byte[] bytes = new byte[commitBytes];
    content.get(at, bytes, 0, bytes.length);
    return (int) INT.get(bytes, LENGTH_AT) == commitBytes
        && (int) INT.get(bytes, SegmentFormat.CRC_AT)
            == SegmentFormat.crc(bytes, SegmentFormat.COVERED_AT, bytes.length);
  }
}
