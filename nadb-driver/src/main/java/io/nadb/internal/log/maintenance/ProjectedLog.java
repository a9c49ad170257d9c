package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.format.KeyHasher;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.metadata.KeyValueMetadata;
import io.nadb.internal.metadata.MetadataChange;
import io.nadb.internal.metadata.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The log as the metadata database sees it: whether the place where that has come to is still in
 * it, and what follows there.
 */
final class ProjectedLog {
  private static final int STEP_CHANGES = 256;
  private static final int STEP_RECORDS = 4096;

  private final SegmentSet state;
  private final ActiveSegment log;

  ProjectedLog(SegmentSet state, ActiveSegment log) {
    this.state = state;
    this.log = log;
  }

  /**
   * Whether the log from a position on is as it was written. Compaction waits for the database, if
   * it can; but a power cut can take the database back to where it was before, and what was dropped
   * since then would never be seen. And somebody may have put back an older log, or database.
   */
  boolean isContinuedAt(Progress position) {
    if (position.equals(Progress.NONE)) {
      return true;
    }
    long expected = position.segment();
    for (Segment segment : state.byOrdinal().tailMap(expected, true).values()) {
      if (segment.ordinal() != expected
          || segment.header().isCompacted()
          || (expected == position.segment() && !isMarked(segment, position))) {
        return false;
      }
      expected++;
    }
    return expected > position.segment();
  }

  private static boolean isMarked(Segment segment, Progress position) {
    return position.offset() <= segment.syncedEnd()
        && (position.mark() == 0
            || position.mark() == mark(segment, position.mark() >>> Integer.SIZE));
  }

  /** Where the last record before a position is, with the checksum that it begins with. */
  private static long mark(Segment segment, long record) {
    return record << Integer.SIZE | (segment.content().intAt(record) & 0xffff_ffffL);
  }

  /** Projects some more of the log, as it is at this moment; returns whether there is a rest. */
  boolean advance(KeyValueMetadata open) throws IOException {
    try (Moment moment = Moment.now(state)) {
      return advance(open, moment);
    }
  }

  private boolean advance(KeyValueMetadata open, Moment moment) throws IOException {
    Progress from = open.applied();
    long target = log.syncedSequence();
    if (from.sequence() >= target) {
      return false;
    }
    List<MetadataChange> changes = new ArrayList<>();
    Segment segment = null;
    long at = 0;
    int records = 0;
    long[] lastRecord = new long[1];
    boolean more = false;
    for (Map.Entry<Long, Segment> entry :
        state.byOrdinal().tailMap(from.segment(), true).entrySet()) {
      segment = entry.getValue();
      boolean goesOn = segment.ordinal() == from.segment();
      at = goesOn ? from.offset() : segment.start();
      lastRecord[0] = goesOn ? from.mark() >>> Integer.SIZE : 0;
      long end = segment.syncedEnd();
      SegmentScanner scanner = state.scanner(segment);
      Segment current = segment;
      while (at < end && changes.size() < STEP_CHANGES && records < STEP_RECORDS) {
        at =
            scanner.next(
                at,
                end,
                record -> {
                  lastRecord[0] = record.offset();
                  project(current, record, moment, changes);
                });
        records++;
      }
      more = at < end;
      if (more) {
        break;
      }
    }
    if (segment != null) {
      // Within a rest the sequence number stands still, so that the rest is not taken for done.
      long sequence = more ? from.sequence() : target;
      long mark = lastRecord[0] == 0 ? 0 : mark(segment, lastRecord[0]);
      Progress upTo = new Progress(sequence, segment.ordinal(), at, mark);
      open.apply(changes, upTo);
    }
    return more;
  }

  /**
   * Notes what a record means for the database. An outdated one is passed over, but only if what
   * outdates it is on disk: otherwise a power cut could make it current again.
   */
  private void project(
      Segment segment, LogRecord record, Moment moment, List<MetadataChange> changes) {
    KeyHasher.Fingerprint key = state.fingerprint(record);
    boolean current =
        record.isDelete() ? moment.position(key) == 0 : moment.isCurrent(segment, record, key);
    if (current || log.hasUnsynced()) {
      changes.add(
          record.isDelete()
              ? new MetadataChange.Remove(record.namespace(), record.toEntry().key())
              : new MetadataChange.Put(record.namespace(), record.toEntry()));
    }
  }
}
