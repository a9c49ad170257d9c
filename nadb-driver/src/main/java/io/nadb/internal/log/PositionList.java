package io.nadb.internal.log;

import java.util.Arrays;

/** A list of positions in a primitive array. */
final class PositionList {
  private long[] positions = new long[2];
  private int size;

  void add(long position) {
    if (size == positions.length) {
      positions = Arrays.copyOf(positions, Math.addExact(size, size / 2 + 1));
    }
    positions[size] = position;
    size++;
  }

  int size() {
    return size;
  }

  long get(int i) {
    return positions[i];
  }

  /** Takes up to so many away from the end. */
  PositionList takeLast(int most) {
    PositionList taken = new PositionList();
    while (size > 0 && taken.size < most) {
      size--;
      taken.add(positions[size]);
    }
    return taken;
  }

  void sort() {
    Arrays.sort(positions, 0, size);
  }

  long[] toArray() {
    return Arrays.copyOf(positions, size);
  }
}
