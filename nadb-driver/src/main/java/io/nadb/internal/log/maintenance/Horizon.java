package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.HistoryWindow;
import io.nadb.internal.log.history.CutBoundary;
import io.nadb.internal.log.history.PastIndex;
import io.nadb.internal.log.history.RetainedCuts;
import io.nadb.internal.log.history.RetainedCuts.Part;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Up to where compaction may go in a log whose history is kept: the end of the last segment whose
 * cuts are all older than the window. What comes after it is left as it is. Of what comes before, a
 * record stays that was current there, whatever has become of its key since.
 *
 * <p>Which these are is asked of an index of the log as it was at the horizon, made for a round of
 * runs and thrown away after it: the index of now can't tell, and to remember what each outdated
 * record was outdated by would take memory for every write in the window. Making it means reading
 * the heads of all records before the horizon; so it is done when enough has come before it since
 * the last round.
 */
final class Horizon {
  private static final int PARTS = 8;
  private static final long MIN_PAUSE_MILLIS = 1000;
  private static final long NEVER = Long.MIN_VALUE;

  private final SegmentSet state;
  private final ActiveSegment log;
  private final Projection projection;
  private final HistoryWindow window;
  private final long segmentBytes;

  /** The round that is under way; null if none is. */
  private @Nullable Round round;

  /** When the last round ended, and how long the log was then up to its horizon. */
  private long endedAt = NEVER;

  /** The ordinal of the last segment before the horizon of that round. */
  private long doneUpTo;

  private long bytesThen;

  Horizon(
      SegmentSet state,
      ActiveSegment log,
      Projection projection,
      HistoryWindow window,
      long segmentBytes) {
    this.state = state;
    this.log = log;
    this.projection = projection;
    this.window = window;
    this.segmentBytes = segmentBytes;
  }

  /**
   * What a round of runs goes by.
   *
   * @param past the log as it was at the horizon
   * @param picker picks of that
   * @param lastOrdinal the last one that the horizon's last segment covers
   */
  record Round(PastIndex past, CompactionPicker picker, long lastOrdinal) {}

  /**
   * What is before the horizon.
   *
   * @param cuts those of the whole log
   * @param segments how many segments are before it, from the first on
   * @param bytes how long these are
   * @param excess by how much they are longer than what is current of them may become
   */
  private record Before(RetainedCuts cuts, int segments, long bytes, long excess) {

    long lastOrdinal() {
      return cuts.parts().get(segments - 1).segment().header().covers();
    }
  }

  private Before before(long now) {
    RetainedCuts cuts = RetainedCuts.of(state);
    List<Part> parts = cuts.parts();
    long rest = 0;
    for (Part part : parts) {
      rest += part.end();
    }
    int segments = 0;
    long bytes = 0;
    long live = 0;
    for (int i = 0; i + 1 < parts.size(); i++) {
      Segment segment = parts.get(i).segment();
      boolean old = window.isOver(parts.get(i + 1).segment().header().time(), now);
      if (!isSealed(parts.get(i)) || !(old || rest > window.bytes())) {
        break;
      }
      rest -= parts.get(i).end();
      bytes += parts.get(i).end();
      live += segment.liveBytes();
      segments++;
    }
    return new Before(cuts, segments, bytes, excess(bytes, live));
  }

  /** By how much what may be rewritten is longer than it should become. */
  long excess() {
    Round current = round;
    if (current != null) {
      return current.picker.excess();
    }
    Before before = before(log.now());
    return isDue(before) ? before.excess : 0;
  }

  /** Whether a round may be worth what it costs. */
  private boolean isDue(Before before) {
    return before.excess > 0
        && before.lastOrdinal() > doneUpTo
        && (hasGrown(before.bytes) || hasRested(log.now()));
  }

  private boolean hasGrown(long bytes) {
    return bytes - bytesThen >= Math.min(bytes / 4, window.bytes() / PARTS);
  }

  private boolean hasRested(long now) {
    return endedAt == NEVER || now < endedAt || now - endedAt >= pauseMillis();
  }

  private long pauseMillis() {
    return Math.max(MIN_PAUSE_MILLIS, window.millis() / PARTS);
  }

  /**
   * Gives an index of the log as it is at the horizon, to be replayed step by step; null if that is
   * not worth it.
   */
  @Nullable PastIndex begin(boolean idle) {
    Before before = before(log.now());
    if (!isDue(before)) {
      return null;
    }
    boolean urgent = !idle && before.excess >= before.bytes / 2;
    if (!urgent && projection.holdsBack(before.lastOrdinal())) {
      return null; // The metadata database is to see it first.
    }
    return past(before);
  }

  /** The same, worth it or not. */
  @Nullable PastIndex beginAsked() {
    return past(before(log.now()));
  }

  private @Nullable PastIndex past(Before before) {
    for (int i = before.segments - 1; i >= 0; i--) {
      CutBoundary end = before.cuts.endOf(i);
      if (end != null) {
        return new PastIndex(state, before.cuts, end);
      }
    }
    return null;
  }

  /** Begins a round with an index that has been replayed; returns it. */
  Round begun(PastIndex past) {
    CompactionPicker picker = new CompactionPicker(past.state(), log, projection, segmentBytes);
    Round begun =
        new Round(past, picker, past.state().byOrdinal().lastEntry().getValue().header().covers());
    round = begun;
    return begun;
  }

  /** The round that is under way; null if none is. */
  @Nullable Round round() {
    return round;
  }

  /** The sequence number at the horizon of the round that is under way. */
  long sequence() {
    return Objects.requireNonNull(round, "the round").past.boundary().sequence();
  }

  /** Ends the round, as all is done that was worth it. */
  void end() {
    Round ended = Objects.requireNonNull(round, "the round");
    doneUpTo = ended.lastOrdinal;
    round = null;
    endedAt = log.now();
    bytesThen = before(endedAt).bytes;
  }

  /** Ends it because something has failed. */
  void abandon() {
    round = null;
  }

  /**
   * In how many milliseconds something may be worth a round, if nothing is written; {@link
   * Long#MAX_VALUE} if nothing will be.
   */
  long dueInMillis() {
    if (window.millis() == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long now = log.now();
    boolean rests = endedAt != NEVER && now >= endedAt;
    long then = rests ? Math.max(now, endedAt + pauseMillis()) : now;
    List<Part> parts = RetainedCuts.of(state).parts();
    long bytes = 0;
    long live = 0;
    for (int i = 0; i + 1 < parts.size() && isSealed(parts.get(i)); i++) {
      Segment segment = parts.get(i).segment();
      bytes += parts.get(i).end();
      live += segment.liveBytes();
      if (segment.header().covers() > doneUpTo && excess(bytes, live) > 0) {
        long aged = parts.get(i + 1).segment().header().time() + window.millis();
        return Math.max(MIN_PAUSE_MILLIS, Math.max(then, aged) - now);
      }
    }
    return Long.MAX_VALUE;
  }

  private long excess(long bytes, long live) {
    return bytes - live - live / 2 - segmentBytes / 2;
  }

  private boolean isSealed(Part part) {
    Segment segment = part.segment();
    return segment != log.lastSegment() && segment.syncedEnd() == segment.end();
  }
}
