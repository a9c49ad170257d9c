package io.nadb.internal.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks through several sorted runs at once, in the order of namespaces and keys, each key once;
 * positions whose record is gone are passed over.
 */
final class RunMerge {
  private final NotedRecords reader;
  private final Run[] runs;

  private RunMerge(NotedRecords reader, List<long[]> runs) {
    this.reader = reader;
    this.runs = new Run[runs.size()];
    for (int i = 0; i < this.runs.length; i++) {
      this.runs[i] = new Run(runs.get(i));
    }
  }

  /** Begins at the beginning. */
  static RunMerge of(NotedRecords reader, List<long[]> runs) {
    RunMerge merge = new RunMerge(reader, runs);
    for (Run run : merge.runs) {
      run.advance();
    }
    return merge;
  }

  /** Begins at the first key that is not less than {@code key}. */
  static RunMerge from(NotedRecords reader, List<long[]> runs, byte[] namespace, byte[] key) {
    RunMerge merge = new RunMerge(reader, runs);
    for (Run run : merge.runs) {
      run.seek(namespace, key);
      run.advance();
    }
    return merge;
  }

  /** Gives the record of the next key; null at the end. */
  NotedRecords.@Nullable Found next() {
    NotedRecords.Found least = null;
    for (Run run : runs) {
      NotedRecords.Found head = run.head;
      if (head != null && (least == null || head.record().compareKey(least.record()) < 0)) {
        least = head;
      }
    }
    if (least == null) {
      return null;
    }
    NotedRecords.Found chosen = least;
    for (Run run : runs) {
      NotedRecords.Found head = run.head;
      while (head != null && head.record().compareKey(least.record()) == 0) {
        if (head.position() != chosen.position() && reader.isCurrent(head)) {
          chosen = head;
        }
        run.advance();
        head = run.head;
      }
    }
    return chosen;
  }

  /** A run and how far it has been walked through. */
  private final class Run {
    private final long[] positions;
    private int at;
    NotedRecords.@Nullable Found head;

    Run(long[] positions) {
      this.positions = positions;
    }

    void advance() {
      head = null;
      while (head == null && at < positions.length) {
        head = reader.at(positions[at]);
        at++;
      }
    }

    /** Binary search; where a record is gone, the next one that is not stands for it. */
    void seek(byte[] namespace, byte[] key) {
      int low = 0;
      int high = positions.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        int readable = middle;
        NotedRecords.Found found = reader.at(positions[readable]);
        while (found == null && readable + 1 < high) {
          readable++;
          found = reader.at(positions[readable]);
        }
        if (found == null || found.record().compareKey(namespace, key) >= 0) {
          high = middle;
        } else {
          low = readable + 1;
        }
      }
      at = low;
    }
  }
}
