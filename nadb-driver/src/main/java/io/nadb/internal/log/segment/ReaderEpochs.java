package io.nadb.internal.log.segment;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The gate: lets files be unmapped that readers may be reading. Readers come in and leave, without
 * a lock and mostly without sharing a cache line, and a file that can no longer be found is
 * unmapped when all readers have left that came before.
 *
 * <p>There are two sets of counters; new readers use the current one. To wait for the old readers,
 * flip to the other set and see the former come to zero.
 */
public final class ReaderEpochs {
  private static final int STRIPES = 32;
  private static final int STRIDE = 16; // longs: two cache lines
  private static final int LONGEST_WAIT = 10_000_000;

  private final AtomicLongArray counters = new AtomicLongArray(STRIPES * STRIDE);
  private volatile int current;

  /** Comes in; returns a ticket for {@link #exit}. */
  public int enter() {
    int stripe = ((int) Thread.currentThread().getId() & (STRIPES - 1)) * STRIDE;
    while (true) {
      int ticket = stripe + current;
      counters.incrementAndGet(ticket);
      if (ticket == stripe + current) {
        return ticket;
      }
      // Flipped in between: whoever flips next would not wait for this set.
      counters.decrementAndGet(ticket);
    }
  }

  public void exit(int ticket) {
    counters.decrementAndGet(ticket);
  }

  /** Has new readers use the other counters; returns the set that now only shrinks. */
  int flip() {
    int before = current;
    current = 1 - before;
    return before;
  }

  /** Whether no reader is left who came in on the given set of counters. */
  boolean isEmpty(int set) {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      if (counters.get(stripe * STRIDE + set) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Waits until no reader is left, for a caller who lets nobody in any more: they are short. False
   * if one is stuck; what it reads is to be left to the garbage collector.
   */
  public boolean awaitEmpty() {
    for (int i = 0; i < LONGEST_WAIT; i++) {
      if (isEmpty()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** Whether no reader is there. */
  public boolean isEmpty() {
    return isEmpty(0) && isEmpty(1);
  }
}
