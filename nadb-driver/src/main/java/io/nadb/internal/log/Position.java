package io.nadb.internal.log;

/**
 * Where a record is, packed into a long so that the index needs one word for it; never 0.
 *
 * <pre>
 *  63                42 41                          10 9         3  2    1       0
 * +--------------------+------------------------------+-----------+-----+---------+---+
 * | handle of segment  | offset in the file, in 8s    | size class| ttl | removed | 1 |
 * +--------------------+------------------------------+-----------+-----+---------+---+
 * </pre>
 *
 * <p>The size class is the record's length to within an eighth, for the bookkeeping of garbage. The
 * bit <i>removed</i> is set in hint files only.
 */
final class Position {
  static final int ALIGNMENT = 8;
  static final int MAX_HANDLE = (1 << 22) - 1;
  private static final int HANDLE_SHIFT = 42;
  private static final int OFFSET_SHIFT = 10;
  private static final int SIZE_SHIFT = 3;
  private static final long OFFSET_MASK = 0xffff_ffffL;
  private static final long TTL = 4;
  private static final long REMOVED = 2;
  private static final long PRESENT = 1;

  private Position() {}

  static long of(int handle, long offset, long size, boolean ttl, boolean removed) {
    return ((long) handle << HANDLE_SHIFT)
        | ((offset / ALIGNMENT) << OFFSET_SHIFT)
        | (sizeClass(size) << SIZE_SHIFT)
        | (ttl ? TTL : 0)
        | (removed ? REMOVED : 0)
        | PRESENT;
  }

  static int handle(long position) {
    return (int) (position >>> HANDLE_SHIFT);
  }

  static long offset(long position) {
    return ((position >>> OFFSET_SHIFT) & OFFSET_MASK) * ALIGNMENT;
  }

  static boolean hasTtl(long position) {
    return (position & TTL) != 0;
  }

  static boolean isRemoved(long position) {
    return (position & REMOVED) != 0;
  }

  static boolean isValid(long position) {
    return (position & PRESENT) != 0;
  }

  /** The position of the same record in another file handle. */
  static long withHandle(long position, int handle) {
    return (position & ((1L << HANDLE_SHIFT) - 1)) | ((long) handle << HANDLE_SHIFT);
  }

  /** The record's length, roughly; the same for equal positions, so sums come out at zero. */
  static long size(long position) {
    int sizeClass = (int) (position >>> SIZE_SHIFT) & 0x7f;
    int exponent = sizeClass >>> 2;
    return ((4L + (sizeClass & 3)) << exponent) >>> 2;
  }

  private static long sizeClass(long size) {
    int exponent = 63 - Long.numberOfLeadingZeros(size);
    // Records have 40 bytes at least, so there always are two bits after the first.
    long mantissa = (size >>> (exponent - 2)) & 3;
    return ((long) exponent << 2) | mantissa;
  }
}
