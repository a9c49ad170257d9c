package io.nadb.spring.cache;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache does, by many threads at a time. */
final class Counters {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder unreadable = new LongAdder();

  void read(boolean hit) {
    (hit ? hits : misses).increment();
  }

  void put() {
    puts.increment();
  }

  void evicted(int count) {
    evictions.add(count);
  }

  /** Tells whether it is the first one. */
  synchronized boolean unreadable() {
    unreadable.increment();
    return unreadable.sum() == 1;
  }

  NadbCacheStatistics statistics() {
    return new NadbCacheStatistics(
        hits.sum(), misses.sum(), puts.sum(), evictions.sum(), unreadable.sum());
  }
}
