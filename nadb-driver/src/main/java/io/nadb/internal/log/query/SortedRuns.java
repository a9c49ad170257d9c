package io.nadb.internal.log.query;

import io.nadb.internal.log.index.PositionList;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Positions sorted by the namespaces and keys of their records, in few runs: each is at most half
 * as long as the one before it, or both are long. Used by one thread at a time; a run never
 * changes.
 */
final class SortedRuns {
  /** Merging longer runs costs more than it saves, unless there are many. */
  private static final int LONG_ENOUGH = KeySorter.MAX_KEYS / 2;

  /** More would make each listing search for long. */
  static final int MAX_RUNS = 128;

  private final SegmentSet state;
  private List<long[]> runs = List.of();

  SortedRuns(SegmentSet state) {
    this.state = state;
  }

  /** The runs as they are now. */
  List<long[]> current() {
    return runs;
  }

  void reset() {
    runs = List.of();
  }

  /** Takes runs that have all there is. */
  void set(List<long[]> all) {
    runs = all;
  }

  /** Adds positions in whatever order. */
  void add(RecordReader reader, PositionList list) {
    if (list.size() == 0) {
      return;
    }
    long[] positions = list.toArray();
    Arrays.sort(positions); // As they are in the files, which are then read from front to end.
    List<long[]> next = new ArrayList<>(runs);
    KeyBatch batch = new KeyBatch();
    for (long position : positions) {
      RecordReader.Found found = reader.at(position);
      if (found != null) {
        if (batch.isFull()) {
          next.add(batch.sorted());
          batch = new KeyBatch();
        }
        batch.add(found.record(), position);
      }
    }
    next.add(batch.sorted());
    runs = merged(reader, next);
  }

  /** Merges as many of the last runs as are too short for their place. */
  private List<long[]> merged(RecordReader reader, List<long[]> all) {
    int from = all.size() - 1;
    long length = all.get(from).length;
    while (from > 0
        && all.get(from - 1).length < 2 * length
        && (length < LONG_ENOUGH || from >= MAX_RUNS)) {
      from--;
      length += all.get(from).length;
    }
    List<long[]> tail = all.subList(from, all.size());
    long[] merged = merge(reader, tail);
    tail.clear();
    if (merged.length > 0) {
      all.add(merged);
    }
    return List.copyOf(all);
  }

  /** Merges runs, without what is deleted and what is there twice. */
  private long[] merge(RecordReader reader, List<long[]> some) {
    if (some.size() == 1) {
      return some.get(0);
    }
    PositionList merged = new PositionList();
    MergingIterator merge = MergingIterator.of(reader, some);
    for (RecordReader.Found next = merge.next(); next != null; next = merge.next()) {
      if (state.index().find(state.fingerprint(next.record())) != 0) {
        merged.add(next.position());
      }
    }
    return merged.toArray();
  }
}
