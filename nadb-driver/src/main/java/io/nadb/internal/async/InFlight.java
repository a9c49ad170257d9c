package io.nadb.internal.async;

import io.nadb.NadbException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many calls of a store are under way, and with how many bytes: both are bounded, so that who
 * calls faster than the store answers is told so before the memory is full. A call with more bytes
 * than the bound is admitted alone.
 */
public final class InFlight {
  private final String store;
  private final int maxCalls;
  private final long maxBytes;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder refusals = new LongAdder();

  /**
   * Begins with none.
   *
   * @param store for messages
   */
  public InFlight(String store, int maxCalls, long maxBytes) {
    this.store = store;
    this.maxCalls = maxCalls;
    this.maxBytes = maxBytes;
  }

  /**
   * Counts a call in.
   *
   * @throws NadbException if there are too many; it is not counted then
   */
  void enter(long size) {
    int count = calls.incrementAndGet();
    long sum = bytes.addAndGet(size);
    if (count > maxCalls || (sum > maxBytes && sum != size)) {
      leave(size);
      refusals.increment();
      throw new NadbException(
          "store "
              + store
              + ": "
              + (count - 1)
              + " asynchronous calls with "
              + (sum - size)
              + " bytes are under way, and no more than "
              + maxCalls
              + " with "
              + maxBytes
              + " bytes may be; nothing was done. Wait for some of them before the next call, or"
              + " set many entries by setAll");
    }
  }

  /** Counts a call out. */
  void leave(long size) {
    calls.decrementAndGet();
    bytes.addAndGet(-size);
  }

  /** How many there are. */
  int calls() {
    return Math.min(calls.get(), maxCalls); // One that is about to be refused is none.
  }

  /** How many there would have been too many. */
  long refusals() {
    return refusals.sum();
  }
}
