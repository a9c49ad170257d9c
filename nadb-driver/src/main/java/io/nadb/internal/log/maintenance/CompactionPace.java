package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.segment.SegmentSet;
import org.jspecify.annotations.Nullable;

/** How many steps compaction takes at once, so that garbage goes as fast as it comes. */
final class CompactionPace {
  /** Of so many steps, one copies about as much as one megabyte of writes makes garbage. */
  private static final int MIN_URGENT_STEPS = 4;

  private static final int MAX_STEPS = 16;

  private final SegmentSet state;
  private final CompactionPicker picker;
  private final @Nullable Horizon horizon;
  private final long segmentBytes;

  CompactionPace(
      SegmentSet state, CompactionPicker picker, @Nullable Horizon horizon, long segmentBytes) {
    this.state = state;
    this.picker = picker;
    this.horizon = horizon;
    this.segmentBytes = segmentBytes;
  }

  /**
   * How many steps keep pace with who writes as fast as they can: a few, and more if these have not
   * been enough.
   */
  int steps() {
    long excess = horizon == null ? picker.excess() : horizon.excess();
    if (excess <= 0) {
      return 1;
    }
    long more = MAX_STEPS * excess / (state.liveBytes() + segmentBytes);
    return (int) Math.min(MAX_STEPS, MIN_URGENT_STEPS + more);
  }
}
