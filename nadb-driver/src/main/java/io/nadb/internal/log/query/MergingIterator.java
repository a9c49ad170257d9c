package io.nadb.internal.log.query;

import io.nadb.internal.log.segment.RecordReader;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks through several sorted runs at once, in the order of namespaces and keys, each key once;
 * positions whose record is gone are passed over.
 */
final class MergingIterator {
  private final RecordReader reader;
  private final PriorityQueue<Run> runs;

  private MergingIterator(RecordReader reader, List<long[]> sorted, Consumer<Run> start) {
    this.reader = reader;
    this.runs = new PriorityQueue<>(Math.max(1, sorted.size()), MergingIterator::compare);
    for (long[] positions : sorted) {
      Run run = new Run(reader, positions);
      start.accept(run);
      advance(run);
    }
  }

  /** Begins at the beginning. */
  static MergingIterator of(RecordReader reader, List<long[]> runs) {
    return new MergingIterator(reader, runs, run -> {});
  }

  /** Begins at the first key that is not less than {@code key}. */
  static MergingIterator from(
      RecordReader reader, List<long[]> runs, byte[] namespace, byte[] key) {
    return new MergingIterator(reader, runs, run -> run.seek(namespace, key));
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
  RecordReader.@Nullable Found next() {
    Run first = runs.poll();
    if (first == null) {
      return null;
    }
    RecordReader.Found least = first.head();
    RecordReader.Found chosen = least;
    advance(first);
    for (Run run = runs.peek();
        run != null && run.head().record().compareKey(least.record()) == 0;
        run = runs.peek()) {
      RecordReader.Found head = run.head();
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
    private final RecordReader reader;
    private final long[] positions;
    private int at;
    private RecordReader.@Nullable Found head;

    Run(RecordReader reader, long[] positions) {
      this.reader = reader;
      this.positions = positions;
    }

    RecordReader.Found head() {
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
        RecordReader.Found found = reader.at(positions[readable]);
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
