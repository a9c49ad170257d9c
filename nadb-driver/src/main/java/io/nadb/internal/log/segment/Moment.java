package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.OldPositions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
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

  /** The segments that there were, by handle; others have come since. */
  private final @Nullable Segment[] known;

  /** The segment to which cuts were appended, and up to where the index knew it; -1 if none. */
  private final int lastHandle;

  private final long lastEnd;
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
    SegmentSet.Present present = state.present();
    Segment last = present.last();
    this.known = present.byHandle();
    this.lastHandle = last == null ? -1 : last.handle();
    this.lastEnd = last == null ? 0 : last.publishedEnd();
    this.old = state.index().keepOld(); // Last: what is known to be older was in the index.
  }

  /** Opens it for what is current now, whatever its number; comes in by the gate. */
  public static Moment now(SegmentSet state) {
    int ticket = state.gate().enter();
    try {
      return new Moment(state, Long.MAX_VALUE, ticket);
    } catch (Throwable e) {
      state.gate().exit(ticket);
      throw e;
    }
  }

  SegmentSet state() {
    return state;
  }

  /** Whether a record was written before. */
  @Override
  public boolean includes(LogRecord current) {
    return current.sequence() <= sequence;
  }

  /** Where a position is that the index led to at some time. */
  enum Age {
    /** In the log at the moment. */
    OLDER,
    /**
     * In a file that has come since, where compaction may have put what is older, and what was
     * being applied may be.
     */
    UNKNOWN,
    /** Of a cut that has come since, or was being applied. */
    NEWER
  }

  /** Tells whether a record was in the log, without reading it. */
  Age age(long position) {
    int handle = Position.handle(position);
    if (handle >= known.length || known[handle] == null) {
      return Age.UNKNOWN;
    }
    return handle == lastHandle && Position.offset(position) >= lastEnd ? Age.NEWER : Age.OLDER;
  }

  /** Shows the positions at which a key has a record now, and had one; 0 for none. */
  public void forEachPosition(String namespace, String name, LongConsumer each) {
    KeyHasher.Fingerprint key = state.fingerprint(namespace, name);
    long current = state.index().find(key); // First: see OldPositions.
    long before = old.find(key);
    each.accept(current);
    if (before != current) {
      each.accept(before);
    }
  }

  /** How many keys have been written since that had a record; exact when nobody writes. */
  public int replaced() {
    return old.size();
  }

  /** Gives the position of a key's record; 0 if it had none. It may be one that came later. */
  public long position(KeyHasher.Fingerprint key) {
    long current = state.index().find(key); // First: see OldPositions.
    long before = old.find(key);
    return before == 0 ? current : before;
  }

  /** Whether the record was its key's current one. */
  public boolean isCurrent(Segment segment, LogRecord record, KeyHasher.Fingerprint key) {
    return SegmentSet.isAt(position(key), segment, record);
  }

  /** Gives a touch and the record with the value; null if the key's record was no touch. */
  private KeyIndex.@Nullable Touched touched(KeyHasher.Fingerprint key) {
    while (true) {
      long current = state.index().find(key); // First: see OldPositions.
      long before = old.find(key);
      if (!Position.isTouch(before == 0 ? current : before)) {
        return null;
      }
      if (before != 0) {
        return new KeyIndex.Touched(before, old.value(key));
      }
      KeyIndex.Touched touched = state.index().touched(key);
      if (touched != null && touched.position() == current) {
        return touched;
      } // Else it has been replaced since.
    }
  }

  /** Finds the record that a key had; null if it had none. */
  @Override
  public RecordReader.@Nullable Found find(
      KeyHasher.Fingerprint fingerprint, byte[] namespace, byte[] key, boolean withValue) {
    long position = position(fingerprint);
    KeyIndex.Touched touched = null;
    if (withValue && Position.isTouch(position)) {
      touched = touched(fingerprint); // Null if compaction has made one record of both since.
      position = touched == null ? position(fingerprint) : touched.position();
    }
    RecordReader.Found found = position == 0 ? null : at(position, withValue);
    if (found == null || !found.record().isOf(namespace, key)) {
      return null;
    }
    return touched == null ? found : found.valued(state, touched.value(), namespace, key);
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

  /** How much memory is kept for it. */
  public long keptBytes() {
    return old.bytes();
  }

  /** Lets go of all that was kept for this; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      state.index().release(old);
      state.gate().exit(ticket);
    }
  }

  /** Whether it has been closed. */
  public boolean isClosed() {
    return closed.get();
  }
}
