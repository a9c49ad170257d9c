package io.nadb.internal.log.query;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A walk through all of the log, in small steps, that sorts the positions of current records into
 * runs: batch by batch, so that sorting one does not take long.
 *
 * <p>A segment that goes meanwhile is passed over: whoever has the runs made is told where
 * compaction moves records.
 */
final class SortingWalk {
  private static final int STEP_RECORDS = 1024;
  private static final int MIN_BATCH = 1 << 16;

  private final SegmentSet state;
  private final int batchKeys;
  private final Queue<Segment> segments = new ArrayDeque<>();
  private final List<long[]> runs = new ArrayList<>();
  private KeyBatch batch = new KeyBatch();

  /** Where to go on in the first of them; 0: at its beginning. */
  private long at;

  /** Begins. What is written from now on is not in its runs for sure. */
  SortingWalk(SegmentSet state) {
    this.state = state;
    this.segments.addAll(state.segments());
    long share = state.index().size() / (SortedRuns.MAX_RUNS / 2);
    this.batchKeys = (int) Math.min(Math.max(share, MIN_BATCH), KeySorter.MAX_KEYS);
  }

  /** Does a step; returns whether there is a rest. */
  boolean step() {
    Segment segment = segments.peek();
    if (segment == null) {
      if (batch.count() > 0) {
        sortBatch();
      }
      return false;
    }
    long end = segment.end();
    if (segment.isRemoved() || at >= end) {
      segments.remove();
      at = 0;
      return true;
    }
    at = Math.max(at, segment.start());
    SegmentScanner scanner = state.scanner(segment);
    for (int i = 0; i < STEP_RECORDS && at < end; i++) {
      at = scanner.next(at, end, record -> visit(segment, record));
    }
    if (batch.count() >= batchKeys || batch.isFull()) {
      sortBatch();
    }
    return true;
  }

  private void visit(Segment segment, LogRecord record) {
    if (!record.isDelete() && state.isCurrent(segment, record, state.fingerprint(record))) {
      batch.add(
          record, Position.of(segment.handle(), record.offset(), record.length(), record.flags()));
    }
  }

  private void sortBatch() {
    runs.add(batch.sorted());
    batch = new KeyBatch();
  }

  /** What has been sorted; all, when there is no rest. */
  List<long[]> runs() {
    return List.copyOf(runs);
  }
}
