package io.nadb.internal.log.query;

import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the records with a tag have been written, in the order of the files; and in that of their
 * keys, once somebody has asked for a page of them: 8 bytes more for each.
 *
 * <p>What is said to be guarded is so by whoever has the list: {@link SecondaryIndexes}.
 */
final class TagList {
  /** So many new positions are looked through besides the others; else they become one array. */
  private static final int MAX_ADDED = 1024;

  private static final int ADDED_SHARE = 16;

  /** Sorted, each once; never written to. Guarded. */
  private long[] sorted = {};

  /** What has come since. Guarded. */
  private PositionList added = new PositionList();

  /** What has not been put into the runs yet; null as long as there are none. Guarded. */
  private @Nullable PositionList unordered;

  /** Held by whoever puts positions into the runs; taken before the guard. */
  private final ReentrantLock ordering = new ReentrantLock();

  private @Nullable SortedRuns runs;

  void add(long position) {
    added.add(position);
    if (unordered != null) {
      unordered.add(position);
    }
  }

  int size() {
    return sorted.length + added.size();
  }

  /** All positions, as they are now; to be called by whoever holds the guard. */
  SortedPositions positions() {
    if (added.size() == 0) {
      return new SortedPositions(sorted, new long[0]);
    }
    added.sort(); // It stays so but for what is added: the next to ask has little to sort.
    long[] some = SortedPositions.union(added.toArray(), new long[0]);
    if (some.length > MAX_ADDED && some.length > sorted.length / ADDED_SHARE) {
      sorted = SortedPositions.union(sorted, some);
      added = new PositionList();
      return new SortedPositions(sorted, new long[0]);
    }
    return new SortedPositions(sorted, some);
  }

  /**
   * All positions by the keys of their records, in runs.
   *
   * @param guard what guards this list
   */
  List<long[]> runs(SegmentSet state, Object guard) {
    ordering.lock();
    try {
      SortedRuns known = runs;
      PositionList taken = new PositionList();
      synchronized (guard) {
        if (known == null) {
          Arrays.stream(positions().toArray()).forEach(taken::add);
        } else if (unordered != null) {
          taken = unordered;
        }
        unordered = new PositionList();
      }
      try {
        if (known == null) {
          known = new SortedRuns(state);
        }
        known.add(new RecordReader(state), taken);
        runs = known;
      } catch (RuntimeException | Error e) {
        runs = null; // What was taken is lost: begin anew.
        throw e;
      }
      return known.current();
    } finally {
      ordering.unlock();
    }
  }
}
