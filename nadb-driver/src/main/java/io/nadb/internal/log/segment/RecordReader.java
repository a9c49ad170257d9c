package io.nadb.internal.log.segment;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.Preloading;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records by positions that somebody noted a while ago, after {@link SegmentSet#trackStale},
 * for one question by one thread: a position is only a hint to a key, and what counts is the key's
 * current record, or the one that it had at a {@link Moment}.
 *
 * <p>Whoever asks has come in by the gate ({@link SegmentSet#gate}) before the positions were
 * listed, and so can read all that were of use then: compaction notes where it has moved a record
 * before it removes the old segment, and that stays until the readers have left. A position whose
 * segment is gone was of no use then.
 */
public final class RecordReader {
  /** What lengths of heads are rounded up to, as few are exactly those of the one before. */
  private static final int HEAD_STEP = 32;

  private final SegmentSet state;
  private final Lookup lookup;
  private final Preloading preloading = new Preloading();

  /**
   * How much to read of a record, at first: the heads of those that are looked for together are
   * alike.
   */
  private int headBytes = LogRecord.INITIAL_BYTES;

  private long reads;

  /** Begins a question about what is current now. */
  public RecordReader(SegmentSet state) {
    this(state, new KeyLookup(state));
  }

  /** Begins a question about what was current at a moment. */
  public RecordReader(Moment moment) {
    this(moment.state(), moment);
  }

  private RecordReader(SegmentSet state, Lookup lookup) {
    this.state = state;
    this.lookup = lookup;
  }

  /**
   * A record and where it is.
   *
   * @param valued the record with the value of a touch, if the value is wanted
   */
  public record Found(Segment segment, LogRecord record, long position, @Nullable Found valued) {

    Found(Segment segment, LogRecord record, long position) {
      this(segment, record, position, null);
    }

    /** Reads the value as it was set; it must have been wanted. */
    public byte[] value() throws IOException {
      Found has = valued == null ? this : valued;
      return has.record.value(has.segment.content());
    }

    /**
     * This one, a touch, with the record that has its value.
     *
     * @param value that record's position; 0 if there is none
     * @throws io.nadb.CorruptStoreException if it is damaged, or missing
     */
    Found valued(SegmentSet state, long value, byte[] namespace, byte[] key) {
      Segment in = value == 0 ? null : state.segmentOf(value);
      LogRecord other = in == null ? null : in.record(Position.offset(value), in.firstBytes(value));
      if (in == null || other == null || !other.isOf(namespace, key)) {
        throw new CorruptStoreException(
            segment.file(),
            record.offset(),
            "the record with the value that was touched here is missing");
      }
      return new Found(segment, record, position, new Found(in, other, value));
    }
  }

  /**
   * Reads the record at a position; null if it is gone.
   *
   * @throws io.nadb.CorruptStoreException if it is damaged and current
   */
  public @Nullable Found at(long position) {
    Segment segment = state.segmentAt(position);
    if (segment == null) {
      return null;
    }
    reads++;
    LogRecord record = segment.soundRecord(Position.offset(position), headBytes);
    if (record == null) {
      if (!segment.isOutdated(position)) {
        throw segment.damaged(Position.offset(position));
      }
      return null; // An outdated record that is damaged, or was taken back, is nobody's concern.
    }
    headBytes = Math.min(LogRecord.INITIAL_BYTES, (record.headLength() | (HEAD_STEP - 1)) + 1);
    return new Found(segment, record, position);
  }

  /** How many records have been read by their positions. */
  public long reads() {
    return reads;
  }

  /** Whether a record is its key's current one, and was so at the moment that is asked about. */
  public boolean isCurrent(Found found) {
    return !found.segment.isOutdated(found.position) && lookup.includes(found.record);
  }

  /** Sees the record that counts of the key that a noted record has. */
  public interface Visitor {
    void visit(long noted, Found current);
  }

  /**
   * Shows the records that count of the keys that the records at some positions have: in batches,
   * so that memory is waited for once for all of a batch, and not for each.
   */
  public void forEachCurrent(long[] positions, Visitor visitor) {
    for (int from = 0; from < positions.length; from += Preloading.BATCH) {
      int to = Math.min(from + Preloading.BATCH, positions.length);
      preload(positions, from, to);
      for (int i = from; i < to; i++) {
        Found current = current(positions[i]);
        if (current != null) {
          visitor.visit(positions[i], current);
        }
      }
    }
  }

  /** See {@link Segment#preload}. */
  private void preload(long[] positions, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      Segment segment = state.segmentAt(positions[i]);
      if (segment != null) {
        sum += segment.preload(Position.offset(positions[i]), headBytes);
      }
    }
    preloading.done(sum);
  }

  /** Reads the record that counts of the key that the record at a position has; null if none. */
  public @Nullable Found current(long position) {
    Found noted = at(position);
    return noted == null ? null : current(noted);
  }

  /** Reads the record that counts of the key of a noted record; null if there is none. */
  public @Nullable Found current(Found noted) {
    return isCurrent(noted)
        ? noted
        : lookup.find(
            state.fingerprint(noted.record),
            noted.record.namespaceBytes(),
            noted.record.keyBytes(),
            false);
  }
}
