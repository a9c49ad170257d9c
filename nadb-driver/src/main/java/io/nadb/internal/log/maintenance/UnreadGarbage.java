package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import org.jspecify.annotations.Nullable;

/** What compaction leaves alone because others have still to read the cuts that it is in. */
public final class UnreadGarbage {

  private UnreadGarbage() {}

  /**
   * How many bytes that is, roughly, in a log of which no history is kept.
   *
   * @param last the segment that is being written, which is left alone in any case
   */
  public static long bytes(SegmentSet state, @Nullable Segment last) {
    long first = state.cutReaders().first();
    long sum = 0;
    for (Segment segment : state.segments()) {
      boolean unread = segment.header().covers() >= first;
      if (segment != last && unread && CompactionPicker.hasGarbage(segment)) {
        sum += segment.end() - segment.liveBytes();
      }
    }
    return sum;
  }
}
