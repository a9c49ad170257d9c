package io.nadb.internal.log.segment;

import io.nadb.CorruptStoreException;
import io.nadb.internal.log.format.SegmentScanner;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows from where on a log has each cut as it was written. Compaction makes one of many, which
 * holds only what was current by then; and format version 1 knows neither the log's lineage nor
 * when cuts were made.
 */
public final class WholeCuts {
  private WholeCuts() {}

  /**
   * Returns the number of the last write before the oldest cut from which on all are whole; 0 if
   * all have been so ever since. For a caller who has come in by the gate.
   *
   * @param segments those of {@link SegmentSet#byOrdinal()}, looked at once
   */
  public static long oldest(SegmentSet state, NavigableMap<Long, Segment> segments) {
    for (Segment segment : segments.descendingMap().values()) {
      if (segment.header().isCompacted() || segment.header().version() == 1) {
        SegmentScanner.Commit last = lastCommit(state, segment);
        if (last != null) {
          return last.sequence();
        }
      }
    }
    return 0;
  }

  /**
   * Returns the number of the last write in a segment that is on disk; 0 if it has no cut.
   *
   * @throws CorruptStoreException if it does not end with one
   */
  public static long lastSequence(SegmentSet state, Segment segment) {
    SegmentScanner.Commit last = lastCommit(state, segment);
    return last == null ? 0 : last.sequence();
  }

  private static SegmentScanner.@Nullable Commit lastCommit(SegmentSet state, Segment segment) {
    long end = segment.syncedEnd();
    if (end == segment.start()) {
      return null;
    }
    SegmentScanner.Commit last = state.scanner(segment).commitBefore(end);
    if (last == null) {
      throw new CorruptStoreException(
          segment.file(), end, "the closing record of the last cut is damaged");
    }
    return last;
  }
}
