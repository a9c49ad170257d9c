package io.nadb.internal.log.index;

import java.util.Arrays;

/** A list of positions in a primitive array. */
public final class PositionList {
  private long[] positions = new long[2];
  private int size;

  public void add(long position) {
    if (size == positions.length) {
      positions = Arrays.copyOf(positions, Math.addExact(size, size / 2 + 1));
    }
    positions[size] = position;
    size++;
  }

  public int size() {
    return size;
  }

  public long get(int i) {
    return positions[i];
  }

  /** Takes up to so many away from the end. */
  public PositionList takeLast(int most) {
    PositionList taken = new PositionList();
    while (size > 0 && taken.size < most) {
      size--;
      taken.add(positions[size]);
    }
    return taken;
  }

  public void sort() {
    Arrays.sort(positions, 0, size);
  }

  public long[] toArray() {
    return Arrays.copyOf(positions, size);
  }
}
