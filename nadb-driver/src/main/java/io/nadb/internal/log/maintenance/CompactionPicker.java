package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Says what is worth a compaction: how much garbage there is, and which segments to rewrite. */
final class CompactionPicker {
  /** By so many segments the log may be too large because somebody reads its cuts too slowly. */
  private static final int MAX_UNREAD_SEGMENTS = 4;

  private final SegmentSet state;
  private final ActiveSegment log;
  private final Projection projection;
  private final long segmentBytes;

  /** From which segment on others have still to read. */
  private long unread = Long.MAX_VALUE;

  CompactionPicker(SegmentSet state, ActiveSegment log, Projection projection, long segmentBytes) {
    this.state = state;
    this.log = log;
    this.projection = projection;
    this.segmentBytes = segmentBytes;
  }

  /**
   * By how much the log is larger than it may become before compaction no longer waits for an idle
   * moment, nor for the metadata database. At one and a half times the live data, with the file
   * that is being written, the one that is being made and the hints, the disk holds less than four
   * times keys and values of a hundred bytes.
   */
  long excess() {
    long live = state.liveBytes();
    return state.totalBytes() - live - live / 2 - segmentBytes / 2;
  }

  /**
   * Whether a run that begins with an ordinal may drop deletion records: nothing before it could
   * come back.
   */
  boolean dropsDeletes(long first) {
    return state.byOrdinal().headMap(first, false).values().stream()
        .noneMatch(Segment::hasOutdated);
  }

  /**
   * Picks the segment with the largest share of garbage, and such neighbours as fit in with it;
   * none if there is not enough.
   *
   * @param urgent whether the metadata database is not waited for
   */
  List<Segment> pick(boolean urgent) {
    NavigableMap<Long, Segment> segments = state.byOrdinal(); // One set throughout.
    boolean waits = excess() <= MAX_UNREAD_SEGMENTS * segmentBytes;
    unread = waits ? state.cutReaders().first() : Long.MAX_VALUE;
    List<Segment> inputs = new ArrayList<>();
    Segment best = null;
    double bestShare = 0.5;
    boolean drops = true;
    long deletes = 0;
    long total = 0;
    Segment oldestOutdated = null;
    for (Segment segment : segments.values()) {
      total += segment.end();
      if (isEligible(segment, urgent)) {
        double share = garbageShare(segment, drops);
        if (share >= bestShare) {
          best = segment;
          bestShare = share;
        }
        if (oldestOutdated == null && segment.hasOutdated()) {
          oldestOutdated = segment;
        }
      }
      if (!drops) {
        deletes += segment.deleteBytes();
      }
      drops &= !segment.hasOutdated();
    }
    if (best == null && deletes > total / 4) {
      best = oldestOutdated; // Deletion records pile up that its outdated records keep needed.
    }
    if (best == null) {
      return inputs;
    }
    inputs.add(best);
    long live = kept(best);
    for (Segment before : segments.headMap(best.ordinal(), false).descendingMap().values()) {
      live += kept(before);
      boolean worthIt = garbageShare(before, false) >= 0.5 || isPlaceholder(before);
      if (!isEligible(before, urgent) || !worthIt || live > segmentBytes) {
        live -= kept(before);
        break;
      }
      inputs.add(0, before);
    }
    for (Segment next : segments.tailMap(best.ordinal(), false).values()) {
      live += kept(next);
      boolean worthIt = garbageShare(next, false) >= 0.5 || next.end() < segmentBytes / 4;
      if (!isEligible(next, urgent) || !worthIt || live > segmentBytes) {
        break;
      }
      inputs.add(next);
    }
    return inputs;
  }

  /**
   * Picks the next segments, of those from one ordinal to another, that have any garbage, and such
   * neighbours as fit in with them; none if there are none.
   */
  List<Segment> pickAll(long from, long to) {
    List<Segment> inputs = new ArrayList<>();
    if (from > to) {
      return inputs;
    }
    long kept = 0;
    boolean worthIt = false;
    boolean drops = dropsDeletes(from);
    for (Segment segment : state.byOrdinal().subMap(from, true, to, true).values()) {
      if (segment == log.lastSegment() || segment.header().covers() > to) {
        break;
      }
      boolean garbage = segment.hasOutdated() || (drops && segment.deleteBytes() > 0);
      boolean fits = kept + kept(segment) <= segmentBytes;
      boolean joins = garbage || segment.end() < segmentBytes / 4;
      if (!inputs.isEmpty() && !(joins && fits)) {
        if (worthIt) {
          break;
        }
        inputs.clear();
        kept = 0;
      }
      if (joins) {
        inputs.add(segment);
        kept += kept(segment);
        worthIt |= garbage;
      }
    }
    return worthIt ? inputs : List.of();
  }

  /** Whether there is something in a segment that a run might leave out. */
  static boolean hasGarbage(Segment segment) {
    return segment.hasOutdated() || segment.deleteBytes() > 0;
  }

  /** At most so much of a segment a run has to take over. */
  private static long kept(Segment segment) {
    return segment.liveBytes() + segment.deleteBytes();
  }

  private boolean isEligible(Segment segment, boolean urgent) {
    return segment != log.lastSegment()
        && segment.header().covers() < unread
        && (urgent || !projection.holdsBack(segment.ordinal()));
  }

  /** Whether a segment holds nothing but the place of those that it has replaced. */
  private static boolean isPlaceholder(Segment segment) {
    return segment.header().isCompacted()
        && segment.end() == segment.start() + SegmentFormat.COMMIT_BYTES;
  }

  private static double garbageShare(Segment segment, boolean dropsDeletes) {
    // Without what any rewriting needs: else a small segment would be rewritten again and again.
    long content = segment.end() - segment.start() - SegmentFormat.COMMIT_BYTES;
    if (content <= 0) {
      return 0; // It holds the place of others, or is about to get its first cut.
    }
    long kept = segment.liveBytes() + (dropsDeletes ? 0 : segment.deleteBytes());
    return 1 - (double) kept / content;
  }
}
