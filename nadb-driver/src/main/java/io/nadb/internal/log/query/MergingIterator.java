package io.nadb.internal.log.query;

import io.nadb.internal.log.segment.RecordReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks through several sorted runs at once, in the order of namespaces and keys, each key once;
 * positions whose record is gone are passed over.
 */
final class MergingIterator {
  private final RecordReader reader;
  private final PriorityQueue<Run> runs;

  private MergingIterator(
      RecordReader reader,
      List<long[]> sorted,
      boolean descending,
      LongPredicate wanted,
      Consumer<Run> start) {
    this.reader = reader;
    Comparator<Run> order = MergingIterator::compare;
    this.runs =
        new PriorityQueue<>(Math.max(1, sorted.size()), descending ? order.reversed() : order);
    for (long[] positions : sorted) {
      Run run = new Run(reader, positions, descending, wanted);
      start.accept(run);
      advance(run);
    }
  }

  /** Begins at the beginning. */
  static MergingIterator of(RecordReader reader, List<long[]> runs) {
    return new MergingIterator(reader, runs, false, position -> true, run -> {});
  }

  /**
   * Begins where a range does, in its direction.
   *
   * @param wanted which positions are looked at
   */
  static MergingIterator in(
      RecordReader reader, List<long[]> runs, KeyRange range, LongPredicate wanted) {
    return new MergingIterator(reader, runs, range.descending(), wanted, run -> run.seek(range));
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
    private final int step;
    private final LongPredicate wanted;
    private int at;
    private RecordReader.@Nullable Found head;

    Run(RecordReader reader, long[] positions, boolean descending, LongPredicate wanted) {
      this.reader = reader;
      this.positions = positions;
      this.step = descending ? -1 : 1;
      this.wanted = wanted;
    }

    RecordReader.Found head() {
      return Objects.requireNonNull(head);
    }

    /** Goes on to the next record that is there; returns whether there is one. */
    boolean advance() {
      head = null;
      while (head == null && at >= 0 && at < positions.length) {
        long position = positions[at];
        at += step;
        if (wanted.test(position)) {
          head = reader.at(position);
        }
      }
      return head != null;
    }

    /** Goes to where a range begins, in its direction. */
    void seek(KeyRange range) {
      if (step > 0) {
        seek(range.namespace(), range.from());
      } else {
        byte[] end = range.to();
        if (end == null) {
          seek(Arrays.copyOf(range.namespace(), range.namespace().length + 1), range.from());
        } else {
          seek(range.namespace(), end);
        }
        at--;
      }
    }

    /** Binary search; where a record is gone, the next one that is not stands for it. */
    private void seek(byte[] namespace, byte[] key) {
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
