package io.nadb.internal.log;

import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks through several sorted runs at once, in the order of namespaces and keys, each key once;
 * positions whose record is gone are passed over.
 */
final class RunMerge {
  private final NotedRecords reader;
  private final PriorityQueue<Run> runs;

  private RunMerge(NotedRecords reader, List<long[]> sorted, Consumer<Run> start) {
    this.reader = reader;
    this.runs = new PriorityQueue<>(Math.max(1, sorted.size()), RunMerge::compare);
    for (long[] positions : sorted) {
      Run run = new Run(reader, positions);
      start.accept(run);
      advance(run);
    }
  }

  /** Begins at the beginning. */
  static RunMerge of(NotedRecords reader, List<long[]> runs) {
    return new RunMerge(reader, runs, run -> {});
  }

  /** Begins at the first key that is not less than {@code key}. */
  static RunMerge from(NotedRecords reader, List<long[]> runs, byte[] namespace, byte[] key) {
    return new RunMerge(reader, runs, run -> run.seek(namespace, key));
  }

  private static int compare(Run a, Run b) {
    return a.head().record().compareKey(b.head().record());
  }

  private void advance(Run run) {
    if (run.advance()) {
      runs.add(run);
    }
  }

  /** Gives the record of the next key; null at the end. */
  NotedRecords.@Nullable Found next() {
    Run first = runs.poll();
    if (first == null) {
      return null;
    }
    NotedRecords.Found least = first.head();
    NotedRecords.Found chosen = least;
    advance(first);
    for (Run run = runs.peek();
        run != null && run.head().record().compareKey(least.record()) == 0;
        run = runs.peek()) {
      NotedRecords.Found head = run.head();
      if (head.position() != chosen.position() && reader.isCurrent(head)) {
        chosen = head;
      }
      runs.remove();
      advance(run);
    }
    return chosen;
  }

  /** A run and how far it has been walked through. */
  private static final class Run {
    private final NotedRecords reader;
    private final long[] positions;
    private int at;
    private NotedRecords.@Nullable Found head;

    Run(NotedRecords reader, long[] positions) {
      this.reader = reader;
      this.positions = positions;
    }

    NotedRecords.Found head() {
      return Objects.requireNonNull(head);
    }

    /** Goes on to the next record that is there; returns whether there is one. */
    boolean advance() {
      head = null;
      while (head == null && at < positions.length) {
        head = reader.at(positions[at]);
        at++;
      }
      return head != null;
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
