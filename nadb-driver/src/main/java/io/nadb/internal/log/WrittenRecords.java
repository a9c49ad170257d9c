package io.nadb.internal.log;

import java.util.Arrays;

/** The records of a cut that has been written but not published: parallel arrays, reused. */
final class WrittenRecords {
  private static final int FIRST_SIZE = 64;

  private KeyHasher.Fingerprint[] keys = new KeyHasher.Fingerprint[FIRST_SIZE];
  private long[] created = new long[FIRST_SIZE];
  private long[] positions = new long[FIRST_SIZE];
  private int count;

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  void add(KeyHasher.Fingerprint key, long createdAt, long position) {
    if (count == keys.length) {
      int larger = Math.addExact(count, count / 2);
      keys = Arrays.copyOf(keys, larger);
      created = Arrays.copyOf(created, larger);
      positions = Arrays.copyOf(positions, larger);
    }
    keys[count] = key;
    created[count] = createdAt;
    positions[count] = position;
    count++;
  }

  /** Lets readers find the records, and books what they outdate. */
  void publish(LogState state, Segment segment, RecordListener listener) {
    KeyIndex index = state.index();
    for (int i = 0; i < count; i++) {
      long position = positions[i];
      if (Position.isRemoved(position)) {
        segment.addDelete(Position.size(position));
        state.outdate(index.remove(keys[i]));
      } else {
        segment.addSet(position);
        state.outdate(index.put(keys[i], created[i], position));
        listener.published(position);
      }
    }
  }
}
