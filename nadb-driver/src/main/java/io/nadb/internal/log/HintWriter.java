package io.nadb.internal.log;

import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Writes a hint for each segment that is complete, in small steps, on the sync thread alone. */
final class HintWriter {
  private static final System.Logger LOG = System.getLogger(HintWriter.class.getName());
  private static final int STEP_RECORDS = 8192;

  private final LogState state;
  private final StorageIo io;
  private @Nullable Segment segment;
  private HintFile.Builder builder = new HintFile.Builder();
  private long at;

  HintWriter(LogState state, StorageIo io) {
    this.state = state;
    this.io = io;
  }

  /**
   * Does a bounded step for the segments other than {@code last}; returns whether there is more.
   */
  boolean step(@Nullable Segment last) {
    Segment current = segment;
    if (current == null || state.segmentAt(Position.of(current.handle(), 0, 8, 0)) == null) {
      current = begin(last);
      if (current == null) {
        return false;
      }
    }
    try {
      if (!advance(current, STEP_RECORDS)) {
        finish(current);
      }
    } catch (IOException | RuntimeException e) {
      giveUp(current, e);
    }
    return true;
  }

  /** Writes the hint of one segment at once. */
  void write(Segment complete) {
    try {
      start(complete);
      advance(complete, Integer.MAX_VALUE);
      finish(complete);
    } catch (IOException | RuntimeException e) {
      giveUp(complete, e);
    }
  }

  private void giveUp(Segment current, Exception e) {
    LOG.log(Level.DEBUG, "no hint for " + current.file() + "; opening will read all of it", e);
    current.setHinted(true); // Not again before the next open.
    segment = null;
  }

  private @Nullable Segment begin(@Nullable Segment last) {
    for (Segment candidate : state.segments()) {
      if (candidate != last && !candidate.isHinted()) {
        start(candidate);
        return candidate;
      }
    }
    segment = null;
    return null;
  }

  private void start(Segment candidate) {
    segment = candidate;
    builder = new HintFile.Builder();
    at = SegmentFormat.HEADER_BYTES;
  }

  private boolean advance(Segment current, int records) {
    SegmentScanner scanner = state.scanner(current);
    long end = current.end();
    for (int i = 0; i < records && at < end; i++) {
      at = scanner.next(at, end, record -> builder.add(state.fingerprint(record), record));
    }
    return at < end;
  }

  private void finish(Segment current) throws IOException {
    long end = current.end();
    long sequence = 0;
    if (end > SegmentFormat.HEADER_BYTES) {
      SegmentScanner.Commit commit =
          state.scanner(current).commit(end - SegmentFormat.COMMIT_BYTES, end);
      sequence = commit == null ? 0 : commit.sequence();
    }
    builder.write(io, current, end, sequence);
    current.setHinted(true);
    segment = null;
    builder = new HintFile.Builder();
  }
}
