package io.nadb.internal.store;

import io.nadb.NamespaceStats;
import java.util.concurrent.atomic.LongAdder;

/** Counts what users do with one namespace, many threads at a time. */
final class NamespaceCounts {
  private final LongAdder sets = new LongAdder();
  private final LongAdder deletes = new LongAdder();

  /** Reads that have found a value. */
  private final LongAdder hits = new LongAdder();

  /** Reads that have found none. */
  private final LongAdder misses = new LongAdder();

  LongAdder sets() {
    return sets;
  }

  LongAdder deletes() {
    return deletes;
  }

  /** Counts reads of values. */
  void read(long wanted, long found) {
    if (found > 0) {
      hits.add(found);
    }
    if (wanted > found) {
      misses.add(wanted - found);
    }
  }

  /** Counts an entry that was deleted, or set. */
  void written(boolean deleted) {
    (deleted ? deletes : sets).increment();
  }

  NamespaceStats stats() {
    return NamespaceStats.builder()
        .sets(sets.sum())
        .deletes(deletes.sum())
        .hits(hits.sum())
        .misses(misses.sum())
        .build();
  }
}
