package io.nadb.internal.log.segment;

import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.index.Preloading;
import java.io.IOException;
import java.util.Arrays;

/** Records that are in a segment but not yet in the index: parallel arrays, reused. */
public final class IndexBatch {
  private static final int INITIAL_SIZE = 64;

  // Slots of the index.
  private long[] firsts = new long[INITIAL_SIZE];
  private long[] seconds = new long[INITIAL_SIZE];
  private long[] positions = new long[INITIAL_SIZE];

  private int count;
  private final Preloading preloading = new Preloading();

  /** Forgets all, and lets go of the memory. */
  public void rest() {
    count = 0;
    firsts = new long[INITIAL_SIZE];
    seconds = new long[INITIAL_SIZE];
    positions = new long[INITIAL_SIZE];
  }

  public void clear() {
    count = 0;
  }

  public int count() {
    return count;
  }

  public void add(KeyHasher.Fingerprint key, long createdAt, long position) {
    if (count == firsts.length) {
      int larger = Math.addExact(count, count / 2);
      firsts = Arrays.copyOf(firsts, larger);
      seconds = Arrays.copyOf(seconds, larger);
      positions = Arrays.copyOf(positions, larger);
    }
    firsts[count] = key.low();
    seconds[count] = KeyIndex.second(key, createdAt);
    positions[count] = position;
    count++;
  }

  /** Adds a record that is in the segment with this handle. */
  public void add(KeyHasher.Fingerprint key, LogRecord record, int handle) {
    add(
        key,
        record.created(),
        Position.of(handle, record.offset(), record.length(), record.flags()));
  }

  /** Forgets all but the first so many. */
  public void truncate(int size) {
    count = size;
  }

  /** Lets readers find the records, and books what they outdate. */
  public void publish(SegmentSet state, Segment segment, RecordListener listener) {
    book(segment);
    for (int from = 0; from < count; from += Preloading.BATCH) {
      int to = Math.min(from + Preloading.BATCH, count);
      preloading.slots(state.index(), firsts, from, to);
      for (int i = from; i < to; i++) {
        publish(i, state, listener);
      }
    }
    segment.published();
  }

  /** Adds the records to a hint. */
  public void addTo(HintFile.Writer hint) throws IOException {
    for (int i = 0; i < count; i++) {
      hint.add(firsts[i], seconds[i], positions[i]);
    }
  }

  private void book(Segment segment) {
    int sets = 0;
    long setBytes = 0;
    long deleteBytes = 0;
    for (int i = 0; i < count; i++) {
      long size = Position.size(positions[i]);
      if (Position.isRemoved(positions[i])) {
        deleteBytes += size;
      } else {
        sets++;
        setBytes += size;
      }
    }
    segment.add(sets, setBytes, deleteBytes);
  }

  private void publish(int i, SegmentSet state, RecordListener listener) {
    long position = positions[i];
    if (Position.isRemoved(position)) {
      state.index().remove(firsts[i], seconds[i]);
    } else {
      state.index().put(firsts[i], seconds[i], position);
      listener.published(position);
    }
  }
}
