package io.nadb.internal.log.query;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Positions in the order of the files, each once: many, and some that have come since. Immutable.
 */
final class SortedPositions {
  static final SortedPositions NONE = new SortedPositions(new long[0], new long[0]);

  private final long[] many;
  private final long[] some;

  /** Takes two sorted arrays, which must not be written to any more. */
  SortedPositions(long[] many, long[] some) {
    this.many = many;
    this.some = some;
  }

  /** How many there are. */
  int size() {
    return many.length + some.length;
  }

  /** How many of them are wanted. */
  long count(LongPredicate wanted) {
    long count = 0;
    for (long position : many) {
      count += wanted.test(position) ? 1 : 0;
    }
    for (long position : some) {
      count += wanted.test(position) && Arrays.binarySearch(many, position) < 0 ? 1 : 0;
    }
    return count;
  }

  /** All in one array, not to be written to. */
  long[] toArray() {
    return some.length == 0 ? many : union(many, some);
  }

  /** The union of two sorted arrays. */
  static long[] union(long[] a, long[] b) {
    long[] all = new long[Math.addExact(a.length, b.length)];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      long next = j == b.length || (i < a.length && a[i] <= b[j]) ? a[i++] : b[j++];
      if (count == 0 || all[count - 1] != next) {
        all[count] = next;
        count++;
      }
    }
    return count == all.length ? all : Arrays.copyOf(all, count);
  }

  /**
   * Looks up positions that mostly come in order, each a few places after the one before; used by
   * one thread.
   */
  Membership membership() {
    return new Membership(many, some);
  }

  /** A place in each of the arrays, from which the next position is looked for. */
  static final class Membership {
    private final long[] many;
    private final long[] some;
    private int at;

    private Membership(long[] many, long[] some) {
      this.many = many;
      this.some = some;
    }

    boolean contains(long position) {
      return inMany(position) || (some.length > 0 && Arrays.binarySearch(some, position) >= 0);
    }

    private boolean inMany(long position) {
      int low = at;
      if (low >= many.length || many[low] > position) {
        low = 0; // It lies before.
      }
      int step = 1;
      int high = low;
      while (high < many.length && many[high] < position) {
        low = high + 1;
        high += step;
        step <<= 1;
      }
      int found = Arrays.binarySearch(many, low, Math.min(high + 1, many.length), position);
      at = found < 0 ? -1 - found : found;
      return found >= 0;
    }
  }
}
