package io.nadb.internal.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Positions sorted by the namespaces and keys of their records, in few runs: each is less than half
 * as long as the one before it. Used by one thread at a time; a run never changes.
 */
final class SortedRuns {
  /** So much memory is used for keys while they are sorted. */
  private static final long BATCH_BYTES = 32L << 20;

  private static final int ENTRY_BYTES = 72;

  private final LogState state;
  private List<long[]> runs = List.of();

  SortedRuns(LogState state) {
    this.state = state;
  }

  /** The runs as they are now. */
  List<long[]> current() {
    return runs;
  }

  void reset() {
    runs = List.of();
  }

  /** A record's key, as long as it is sorted. */
  private static final class Entry implements Comparable<Entry> {
    private final byte[] namespace;
    private final byte[] key;
    private final long position;

    Entry(byte[] namespace, byte[] key, long position) {
      this.namespace = namespace;
      this.key = key;
      this.position = position;
    }

    @Override
    public int compareTo(Entry other) {
      int order = Arrays.compareUnsigned(namespace, other.namespace);
      return order != 0 ? order : Arrays.compareUnsigned(key, other.key);
    }
  }

  /** Adds positions in whatever order. */
  void add(NotedRecords reader, PositionList list) {
    if (list.size() == 0) {
      return;
    }
    long[] positions = list.toArray();
    Arrays.sort(positions); // As they are in the files, which are then read from front to end.
    List<Entry> batch = new ArrayList<>();
    byte[] namespace = new byte[0];
    long bytes = 0;
    for (long position : positions) {
      NotedRecords.Found found = reader.at(position);
      if (found != null) {
        if (!found.record().isIn(namespace)) {
          namespace = found.record().namespaceBytes();
        }
        byte[] key = found.record().keyBytes();
        batch.add(new Entry(namespace, key, position));
        bytes += key.length + ENTRY_BYTES;
        if (bytes > BATCH_BYTES) {
          push(reader, batch);
          batch = new ArrayList<>();
          bytes = 0;
        }
      }
    }
    push(reader, batch);
  }

  private void push(NotedRecords reader, List<Entry> batch) {
    if (batch.isEmpty()) {
      return;
    }
    batch.sort(null);
    List<long[]> next = new ArrayList<>(runs);
    next.add(batch.stream().mapToLong(entry -> entry.position).toArray());
    int from = next.size() - 1;
    long length = next.get(from).length;
    while (from > 0 && next.get(from - 1).length < 2 * length) {
      from--;
      length += next.get(from).length;
    }
    List<long[]> tail = next.subList(from, next.size());
    long[] merged = merge(reader, tail);
    tail.clear();
    if (merged.length > 0) {
      next.add(merged);
    }
    runs = List.copyOf(next);
  }

  /** Merges runs, without what is deleted and what is there twice. */
  private long[] merge(NotedRecords reader, List<long[]> some) {
    if (some.size() == 1) {
      return some.get(0);
    }
    PositionList merged = new PositionList();
    RunMerge merge = RunMerge.of(reader, some);
    for (NotedRecords.Found next = merge.next(); next != null; next = merge.next()) {
      if (state.index().find(state.fingerprint(next.record())) != 0) {
        merged.add(next.position());
      }
    }
    return merged.toArray();
  }
}
