package io.nadb.internal.log.segment;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which records of a segment are no longer their keys' current ones: a bit for every 32 bytes, as
 * records have 40 at least; in pages that are made when they are needed, for a megabyte each.
 */
final class StaleBitmap {
  private static final int BYTES_SHIFT = 5;
  private static final int PAGE_SHIFT = 20;
  private static final int PAGES = 1 << (31 - PAGE_SHIFT); // Segments have less than 2 GB.
  private static final int PAGE_WORDS = 1 << (PAGE_SHIFT - BYTES_SHIFT - 6);

  private final AtomicReferenceArray<AtomicLongArray> pages = new AtomicReferenceArray<>(PAGES);

  void add(long offset) {
    int number = (int) (offset >>> PAGE_SHIFT);
    AtomicLongArray page = pages.get(number);
    if (page == null) {
      pages.compareAndSet(number, null, new AtomicLongArray(PAGE_WORDS));
      page = pages.get(number);
    }
    page.accumulateAndGet(word(offset), bit(offset), (bits, added) -> bits | added);
  }

  boolean contains(long offset) {
    AtomicLongArray page = pages.get((int) (offset >>> PAGE_SHIFT));
    return page != null && (page.get(word(offset)) & bit(offset)) != 0;
  }

  private static int word(long offset) {
    return (int) (offset >>> (BYTES_SHIFT + 6)) & (PAGE_WORDS - 1);
  }

  private static long bit(long offset) {
    return 1L << (offset >>> BYTES_SHIFT);
  }
}
