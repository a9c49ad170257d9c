package io.nadb.internal.log.format;

/**
 * Where a record is, packed into a long so that the index needs one word for it; never 0.
 *
 * <pre>
 *  63               42 41                     11 10        4    3      2      1     0
 * +-------------------+-------------------------+-----------+--------+-----+---------+---+
 * | handle of segment | offset in the file, /8  | size class| tagged | ttl | removed | 1 |
 * +-------------------+-------------------------+-----------+--------+-----+---------+---+
 * </pre>
 *
 * <p>The size class is the record's length to within an eighth, for the bookkeeping of garbage. The
 * bit <i>removed</i> alone is of a deletion, and in hint files only; together with <i>ttl</i> it is
 * of a touch: that always has a TTL, which a deletion never has.
 */
public final class Position {
  public static final int ALIGNMENT = 8;
  public static final int MAX_HANDLE = (1 << 22) - 1;
  private static final int HANDLE_SHIFT = 42;
  private static final int OFFSET_SHIFT = 11;
  private static final int SIZE_SHIFT = 4;
  private static final long OFFSET_MASK = 0x7fff_ffffL;
  public static final int TAGGED = 8;
  public static final int TTL = 4;
  public static final int REMOVED = 2;
  public static final int TOUCH = REMOVED | TTL;
  private static final int PRESENT = 1;

  private Position() {}

  /**
   * Packs a position.
   *
   * @param flags any of {@link #TAGGED}, {@link #TTL}, {@link #REMOVED}, {@link #TOUCH}
   */
  public static long of(int handle, long offset, long size, int flags) {
    return ((long) handle << HANDLE_SHIFT)
        | ((offset / ALIGNMENT) << OFFSET_SHIFT)
        | (sizeClass(size) << SIZE_SHIFT)
        | flags
        | PRESENT;
  }

  public static int handle(long position) {
    return (int) (position >>> HANDLE_SHIFT);
  }

  public static long offset(long position) {
    return ((position >>> OFFSET_SHIFT) & OFFSET_MASK) * ALIGNMENT;
  }

  public static boolean hasTtl(long position) {
    return (position & TTL) != 0;
  }

  /** Whether the record is one that tag queries or the sweep look for. */
  public static boolean isMarked(long position) {
    return (position & (TAGGED | TTL)) != 0;
  }

  public static boolean isRemoved(long position) {
    return (position & TOUCH) == REMOVED;
  }

  /** Whether the record has no value of its own, but that of the key's record before. */
  public static boolean isTouch(long position) {
    return (position & TOUCH) == TOUCH;
  }

  static boolean isValid(long position) {
    return (position & PRESENT) != 0;
  }

  /** The position of the same record in another file handle. */
  public static long withHandle(long position, int handle) {
    return (position & ((1L << HANDLE_SHIFT) - 1)) | ((long) handle << HANDLE_SHIFT);
  }

  /** The record's length, roughly; the same for equal positions, so sums come out at zero. */
  public static long size(long position) {
    int sizeClass = (int) (position >>> SIZE_SHIFT) & 0x7f;
    int exponent = sizeClass >>> 2;
    return ((4L + (sizeClass & 3)) << exponent) >>> 2;
  }

  /** No record with this position is longer. */
  public static long sizeAtMost(long position) {
    int sizeClass = (int) (position >>> SIZE_SHIFT) & 0x7f;
    return ((5L + (sizeClass & 3)) << (sizeClass >>> 2)) >>> 2;
  }

  private static long sizeClass(long size) {
    int exponent = 63 - Long.numberOfLeadingZeros(size);
    // Records have 40 bytes at least, so there always are two bits after the first.
    long mantissa = (size >>> (exponent - 2)) & 3;
    return ((long) exponent << 2) | mantissa;
  }
}
