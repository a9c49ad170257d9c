package io.nadb.internal.log;

import java.util.Arrays;

/** The records of a cut that has been written but not published: parallel arrays, reused. */
final class WrittenRecords {
  private static final int FIRST_SIZE = 64;

  /** Enough to keep the memory busy, and few enough to be still in the cache when they are put. */
  private static final int BATCH = 64;

  // Slots of the index.
  private long[] firsts = new long[FIRST_SIZE];
  private long[] seconds = new long[FIRST_SIZE];
  private long[] positions = new long[FIRST_SIZE];

  private int count;
  private long setCount;
  private long setBytes;
  private long preloaded;

  void clear() {
    count = 0;
    setCount = 0;
    setBytes = 0;
  }

  int count() {
    return count;
  }

  void add(KeyHasher.Fingerprint key, long createdAt, long position) {
    if (count == firsts.length) {
      int larger = Math.addExact(count, count / 2);
      firsts = Arrays.copyOf(firsts, larger);
      seconds = Arrays.copyOf(seconds, larger);
      positions = Arrays.copyOf(positions, larger);
    }
    firsts[count] = key.low();
    seconds[count] = KeyIndex.second(key, createdAt);
    positions[count] = position;
    if (!Position.isRemoved(position)) {
      setCount++;
      setBytes += Position.size(position);
    }
    count++;
  }

  /** Lets readers find the records, and books what they outdate. */
  void publish(LogState state, Segment segment, RecordListener listener) {
    segment.addSets(setCount, setBytes);
    for (int from = 0; from < count; from += BATCH) {
      int to = Math.min(from + BATCH, count);
      preloaded ^= state.index().preload(firsts, from, to);
      for (int i = from; i < to; i++) {
        publish(i, state, segment, listener);
      }
    }
  }

  private void publish(int i, LogState state, Segment segment, RecordListener listener) {
    long position = positions[i];
    if (Position.isRemoved(position)) {
      segment.addDelete(Position.size(position));
      state.outdate(state.index().remove(firsts[i], seconds[i]));
    } else {
      state.outdate(state.index().put(firsts[i], seconds[i], position));
      listener.published(position);
    }
  }
}
