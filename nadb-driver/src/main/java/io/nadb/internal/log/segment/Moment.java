package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.OldPositions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log as it was at one moment: of each key, the record that was current then, whatever flushes
 * and compaction do meanwhile. Until it is closed, the index notes what it leads to no longer, and
 * no segment goes.
 *
 * <p>The moment is that of its opening, up to a sequence number: cuts with larger ones don't show.
 * Of a key for which a cut is being applied at that moment, either record may be taken; whoever
 * opens it knows these keys.
 */
public final class Moment implements Lookup, AutoCloseable {
  private final SegmentSet state;
  private final long sequence;
  private final OldPositions old;
  private final int ticket;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Opens it for a caller who has come in by the gate, which {@link #close} leaves.
   *
   * @param ticket what the gate has given
   */
  public Moment(SegmentSet state, long sequence, int ticket) {
    this.state = state;
    this.sequence = sequence;
    this.ticket = ticket;
    this.old = state.index().keepOld();
  }

  SegmentSet state() {
    return state;
  }

  /** Whether a record was written before. */
  @Override
  public boolean includes(LogRecord current) {
    return current.sequence() <= sequence;
  }

  /** Gives the position of a key's record; 0 if it had none. It may be one that came later. */
  public long position(KeyHasher.Fingerprint key) {
    long current = state.index().find(key); // First: see OldPositions.
    long before = old.find(key);
    return before == 0 ? current : before;
  }

  /** Finds the record that a key had; null if it had none. */
  @Override
  public RecordReader.@Nullable Found find(
      KeyHasher.Fingerprint fingerprint, byte[] namespace, byte[] key, boolean withValue) {
    while (true) {
      long current = state.index().find(fingerprint); // First: see OldPositions.
      long before = old.find(fingerprint);
      long position = before == 0 ? current : before;
      RecordReader.Found found = position == 0 ? null : at(position, withValue);
      if (found == null || !found.record().isOf(namespace, key)) {
        return null;
      }
      if (!withValue || !Position.isTouch(position)) {
        return found;
      }
      if (before != 0) {
        return found.valued(state, old.value(fingerprint), namespace, key);
      }
      KeyIndex.Touched touched = state.index().touched(fingerprint);
      if (touched != null && touched.position() == current) {
        return found.valued(state, touched.value(), namespace, key);
      } // Else it has been replaced since.
    }
  }

  private RecordReader.@Nullable Found at(long position, boolean withValue) {
    Segment segment = state.segmentOf(position);
    long offset = Position.offset(position);
    int first = withValue ? segment.firstBytes(position) : LogRecord.INITIAL_BYTES;
    LogRecord record = segment.soundRecord(offset, first);
    if (record == null) {
      if (offset < segment.end()) {
        throw segment.damaged(offset);
      }
      return null; // It was taken back: whoever wrote it writes it again, and knows the key.
    }
    return includes(record) ? new RecordReader.Found(segment, record, position) : null;
  }

  /**
   * Shows the records of a namespace that have been replaced or removed since, in whatever order.
   * To be called last: all that the index has led to or still leads to has been met elsewhere.
   */
  public void forEachReplaced(byte[] namespace, Consumer<RecordReader.Found> each) {
    for (long position : old.toArray()) {
      RecordReader.Found found = at(position, false);
      if (found != null && found.record().isIn(namespace)) {
        each.accept(found);
      }
    }
  }

  /** Lets go of all that was kept for this; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      state.index().release(old);
      state.gate().exit(ticket);
    }
  }
}
