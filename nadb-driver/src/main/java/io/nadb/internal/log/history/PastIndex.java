package io.nadb.internal.log.history;

import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.IndexBatch;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.log.segment.SlotGroups;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index of its own over a log as it was after an earlier cut: what is in the segments up to
 * there is replayed, from hints or step by step. Positions are those of the log, so each names the
 * same record there.
 *
 * <p>For who has come in by the gate at each step; what it has read stays right as long as nobody
 * rewrites these segments but who tells this index.
 */
public final class PastIndex {
  private static final int STEP_RECORDS = 1 << 16;

  private final SegmentSet live;
  private final SegmentSet past;
  private final List<RetainedCuts.Part> parts;
  private final CutBoundary to;
  private final IndexBatch batch = new IndexBatch();
  private int number;
  private @Nullable Segment target;
  private long at;

  /** Begins with nothing. */
  public PastIndex(SegmentSet live, RetainedCuts cuts, CutBoundary to) {
    this.live = live;
    this.parts = cuts.parts().subList(0, to.number() + 1);
    this.to = to;
    this.past = live.emptyTwin();
  }

  /** The log as it was, once all is replayed. */
  public SegmentSet state() {
    return past;
  }

  /** The cut up to which it goes. */
  public CutBoundary boundary() {
    return to;
  }

  /** Replays some records; returns whether there is a rest. */
  public boolean step(int records) {
    if (number == parts.size()) {
      return false;
    }
    Segment segment = parts.get(number).segment();
    Segment into = target == null ? enter(segment) : target;
    long end = end(number);
    SegmentScanner scanner = live.scanner(segment);
    batch.clear();
    for (int i = 0; i < records && at < end; i++) {
      at = scanner.next(at, end, this::add);
    }
    batch.publish(past, into, position -> {});
    if (at >= end) {
      leave();
    }
    return number < parts.size();
  }

  /** Replays the rest, from hints where there are some. */
  public void complete() throws IOException {
    past.index().reserve(Math.min(live.index().size(), Integer.MAX_VALUE));
    while (number < parts.size()) {
      if (target != null || !takeHint()) {
        step(STEP_RECORDS);
      }
    }
    past.index().trim();
  }

  private void add(LogRecord record) {
    batch.add(past.fingerprint(record), record, parts.get(number).segment().handle());
  }

  private Segment enter(Segment segment) {
    Segment into =
        new Segment(
            segment.handle(), segment.file(), segment.header(), segment.content(), end(number));
    past.add(into);
    target = into;
    at = segment.start();
    return into;
  }

  private void leave() {
    target = null;
    number++;
  }

  private long end(int part) {
    return part == to.number() ? to.end() : parts.get(part).end();
  }

  /** Takes a segment from its hint, as far as that goes; returns whether there was one. */
  private boolean takeHint() throws IOException {
    Segment segment = parts.get(number).segment();
    HintFile.Hint hint = HintFile.read(segment.file(), segment.header());
    if (hint == null || hint.end() > end(number)) {
      return false;
    }
    Segment into = enter(segment);
    SlotGroups.of(hint, segment.handle()).forEach(some -> some.publish(past, into));
    at = hint.end();
    if (at >= end(number)) {
      leave();
    }
    return true;
  }
}
