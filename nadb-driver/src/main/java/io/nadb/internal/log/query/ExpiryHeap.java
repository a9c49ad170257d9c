package io.nadb.internal.log.query;

import java.util.Arrays;

/** Positions in the order in which their records expire: a binary heap in primitive arrays. */
final class ExpiryHeap {
  private long[] times = new long[16];
  private long[] positions = new long[16];
  private int size;

  void push(long expiresAt, long position) {
    if (size == times.length) {
      int larger = Math.addExact(size, size / 2);
      times = Arrays.copyOf(times, larger);
      positions = Arrays.copyOf(positions, larger);
    }
    int at = size;
    size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (times[parent] <= expiresAt) {
        break;
      }
      times[at] = times[parent];
      positions[at] = positions[parent];
      at = parent;
    }
    times[at] = expiresAt;
    positions[at] = position;
  }

  /** Whether there is a record that is gone at {@code now}. */
  boolean isDue(long now) {
    return size > 0 && now >= times[0];
  }

  /** When the first record expires; {@link Long#MAX_VALUE} if there is none. */
  long earliest() {
    return size == 0 ? Long.MAX_VALUE : times[0];
  }

  /** Takes the position of the record that expires first; there must be one. */
  long pop() {
    long first = positions[0];
    size--;
    long time = times[size];
    long position = positions[size];
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && times[child + 1] < times[child]) {
        child++;
      }
      if (time <= times[child]) {
        break;
      }
      times[at] = times[child];
      positions[at] = positions[child];
      at = child;
    }
    times[at] = time;
    positions[at] = position;
    return first;
  }
}
