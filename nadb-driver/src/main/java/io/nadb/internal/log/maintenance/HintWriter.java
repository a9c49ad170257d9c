package io.nadb.internal.log.maintenance;

import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.format.SegmentScanner;
import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Writes a hint for each segment that is complete and has none, in small steps, on the sync thread
 * alone.
 */
public final class HintWriter {
  private static final Logbook LOG = Logbook.of(HintWriter.class);
  private static final int STEP_RECORDS = 8192;

  private final SegmentSet state;
  private final ActiveSegment log;
  private final StorageIo io;
  private HintFile.@Nullable Writer writer;
  private long at;

  public HintWriter(SegmentSet state, ActiveSegment log, StorageIo io) {
    this.state = state;
    this.log = log;
    this.io = io;
  }

  /** Does a bounded step for the segments other than the last; returns whether there is more. */
  public boolean step() {
    HintFile.Writer current = writer;
    if (current != null && current.segment().isRemoved()) {
      abort(current); // Compaction has replaced the segment.
      current = null;
    }
    if (current == null) {
      Segment next = next();
      if (next == null) {
        return false;
      }
      current = start(next);
    }
    advance(current, STEP_RECORDS);
    return true;
  }

  /** Writes the hint of the last segment at once, if all of it is on disk and it has none. */
  public void writeLast() {
    Segment last = log.lastSegment();
    if (last != null && !last.isHinted() && last.syncedEnd() == last.end()) {
      advance(start(last), Integer.MAX_VALUE);
    }
  }

  /** Ends without a hint what has been begun. */
  public void close() {
    HintFile.Writer current = writer;
    if (current != null) {
      abort(current);
    }
  }

  private @Nullable Segment next() {
    for (Segment candidate : state.segments()) {
      // Asked after the list was taken: no later segment is in there than the last.
      if (candidate != log.lastSegment() && !candidate.isHinted()) {
        return candidate;
      }
    }
    return null;
  }

  private HintFile.Writer start(Segment candidate) {
    HintFile.Writer started = new HintFile.Writer(io, candidate);
    writer = started;
    at = candidate.start();
    return started;
  }

  private void advance(HintFile.Writer current, int records) {
    Segment segment = current.segment();
    try {
      SegmentScanner scanner = state.scanner(segment);
      long end = segment.syncedEnd(); // What comes after it may still be taken back.
      for (int i = 0; i < records && at < end; i++) {
        at = scanner.next(at, end, record -> current.add(state.fingerprint(record), record));
      }
      if (at >= end) {
        current.cover(end, sequence(segment, end));
        current.finish();
        segment.setHinted(true);
        writer = null;
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "no hint for " + segment.file() + "; opening will read all of it", e);
      segment.setHinted(true); // Not again before the next open.
      abort(current);
    }
  }

  private void abort(HintFile.Writer current) {
    writer = null;
    try {
      current.abort();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a part of a hint is left", e);
    }
  }

  private long sequence(Segment segment, long end) {
    if (end == segment.start()) {
      return 0;
    }
    SegmentScanner.Commit commit = state.scanner(segment).commitBefore(end);
    return commit == null ? 0 : commit.sequence();
  }
}
