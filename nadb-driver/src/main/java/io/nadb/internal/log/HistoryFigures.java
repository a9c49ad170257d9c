package io.nadb.internal.log;

import io.nadb.internal.log.history.CutBoundary;
import io.nadb.internal.log.history.RetainedCuts;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far back a log can be shown as it was: looked up when compaction may have changed it. */
final class HistoryFigures {
  private final SegmentSet state;
  private volatile @Nullable Known known;

  HistoryFigures(SegmentSet state) {
    this.state = state;
  }

  /**
   * What is known.
   *
   * @param compactions how many there had been
   * @param ordinal the segment of the oldest cut that is whole
   * @param time when that was made
   */
  private record Known(long compactions, long ordinal, long time) {}

  /** Looks it up, for who has come in by the gate, if there has been another compaction since. */
  void update(long compactions) {
    Known before = known;
    if (before == null || before.compactions != compactions) {
      RetainedCuts cuts = RetainedCuts.of(state);
      CutBoundary oldest = cuts.oldest();
      if (oldest != null) {
        long ordinal = cuts.parts().get(oldest.number()).segment().ordinal();
        known = new Known(compactions, ordinal, oldest.time());
      }
    }
  }

  /** How far back the log goes. */
  Duration age(long now) {
    Known found = known;
    return found == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, now - found.time));
  }

  /** How long the part of it is that is younger than that, roughly. */
  long bytes() {
    Known found = known;
    if (found == null) {
      return 0;
    }
    long sum = 0;
    for (Segment segment : state.byOrdinal().tailMap(found.ordinal, true).values()) {
      sum += segment.header().isCompacted() ? 0 : segment.end();
    }
    return sum;
  }
}
