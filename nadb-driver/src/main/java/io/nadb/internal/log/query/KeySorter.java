package io.nadb.internal.log.query;

import java.util.Arrays;

/**
 * Sorts keys of one namespace in memory, byte by byte, each with the position of its record.
 *
 * <p>What is compared are words of five bytes in a primitive array, which is sorted as numbers;
 * where words are equal, the next five bytes decide.
 */
final class KeySorter {
  /** So many keys can be sorted at once. */
  static final int MAX_KEYS = 1 << 20;

  private static final int NUMBER_BITS = 20;
  private static final int WORD_BYTES = 5;
  private static final int REST_BITS = 4;

  /** So few are sorted faster by comparing whole keys. */
  private static final int FEW = 12;

  /** The keys, one after the other. */
  private byte[] bytes = new byte[64];

  private int[] ends = new int[4];
  private long[] positions = new long[4];
  private int count;

  // While it sorts: the numbers of the keys in order, and the words that are compared.
  private int[] order = {};
  private long[] words = {};

  void add(byte[] key, long position) {
    if (count == ends.length) {
      int larger = Math.min(count + count / 2, MAX_KEYS);
      ends = Arrays.copyOf(ends, larger);
      positions = Arrays.copyOf(positions, larger);
    }
    int start = end(count - 1);
    int end = Math.addExact(start, key.length);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length + bytes.length / 2));
    }
    System.arraycopy(key, 0, bytes, start, key.length);
    ends[count] = end;
    positions[count] = position;
    count++;
  }

  int count() {
    return count;
  }

  /** Gives the positions in the order of their keys. */
  long[] sorted() {
    order = new int[count];
    words = new long[count];
    Arrays.setAll(order, i -> i);
    sort(0, count, 0);
    long[] sorted = new long[count];
    Arrays.setAll(sorted, i -> positions[order[i]]);
    return sorted;
  }

  /** Sorts some that have so many first bytes in common. */
  private void sort(int from, int to, int common) {
    if (to - from <= FEW) {
      sortFew(from, to, common);
      return;
    }
    int skip = commonBytes(from, to, common);
    for (int i = from; i < to; i++) {
      words[i] = word(order[i], skip);
    }
    Arrays.sort(words, from, to);
    for (int i = from; i < to; i++) {
      order[i] = (int) words[i] & (MAX_KEYS - 1);
    }
    for (int i = from; i < to; ) {
      long word = words[i] >>> NUMBER_BITS;
      int end = i + 1;
      while (end < to && words[end] >>> NUMBER_BITS == word) {
        end++;
      }
      if (end - i > 1 && (word & ((1 << REST_BITS) - 1)) > WORD_BYTES) {
        sort(i, end, skip + WORD_BYTES);
      } // Else they are the same to the end.
      i = end;
    }
  }

  private void sortFew(int from, int to, int common) {
    for (int i = from + 1; i < to; i++) {
      int moved = order[i];
      int at = i;
      while (at > from && compare(order[at - 1], moved, common) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = moved;
    }
  }

  private int compare(int key, int other, int skip) {
    return Arrays.compareUnsigned(
        bytes, end(key - 1) + skip, end(key), bytes, end(other - 1) + skip, end(other));
  }

  /** How many first bytes some keys have in common that have at least so many. */
  private int commonBytes(int from, int to, int least) {
    int start = end(order[from] - 1);
    int common = end(order[from]) - start;
    for (int i = from + 1; i < to && common > least; i++) {
      int other = end(order[i] - 1);
      int most = Math.min(common, end(order[i]) - other);
      int mismatch = Arrays.mismatch(bytes, start, start + most, bytes, other, other + most);
      common = mismatch < 0 ? most : mismatch;
    }
    return common;
  }

  /**
   * Makes a number of a key's next bytes, zeros where it has none, then of how many it has, for a
   * key sorts before its continuations, and at last the key's own number.
   */
  private long word(int number, int skip) {
    int start = end(number - 1) + skip;
    int rest = end(number) - start;
    long word = 0;
    for (int i = 0; i < WORD_BYTES; i++) {
      word = word << Byte.SIZE | (i < rest ? bytes[start + i] & 0xff : 0);
    }
    word = word << REST_BITS | Math.min(rest, WORD_BYTES + 1);
    return (word << NUMBER_BITS | number) ^ Long.MIN_VALUE; // Its first bit is no sign.
  }

  private int end(int number) {
    return number < 0 ? 0 : ends[number];
  }
}
