package io.nadb.maintenance;

import io.nadb.spi.CompactionFigures;
import java.time.Duration;

/**
 * What a compaction has done, and what had to stay. Bytes are those of the log's files, without
 * hints and the metadata database. Immutable; later versions may say more.
 *
 * @since 0.1.0
 */
public final class CompactionResult {
  private final Duration duration;
  private final int rewritten;
  private final int segmentsBefore;
  private final int segmentsAfter;
  private final long bytesBefore;
  private final long bytesAfter;
  private final long heldByHistory;
  private final long heldByFeeds;
  private final long heldBySnapshots;

  CompactionResult(CompactionFigures of, long heldBySnapshots) {
    this.duration = of.duration();
    this.rewritten = of.rewritten();
    this.segmentsBefore = of.segmentsBefore();
    this.segmentsAfter = of.segmentsAfter();
    this.bytesBefore = of.bytesBefore();
    this.bytesAfter = of.bytesAfter();
    this.heldByHistory = of.heldByHistory();
    this.heldByFeeds = of.heldByFeeds();
    this.heldBySnapshots = heldBySnapshots;
  }

  /** How long it took, on the store's clock. */
  public Duration duration() {
    return duration;
  }

  /** How many files it has rewritten; 0 if there was nothing to be given back. */
  public int rewritten() {
    return rewritten;
  }

  /** How many files the log had. */
  public int segmentsBefore() {
    return segmentsBefore;
  }

  /** How many files the log has now. */
  public int segmentsAfter() {
    return segmentsAfter;
  }

  /** How long the log's files were. */
  public long bytesBefore() {
    return bytesBefore;
  }

  /** How long the log's files are now, with what was written meanwhile. */
  public long bytesAfter() {
    return bytesAfter;
  }

  /**
   * How long the files are that have something to be given back and were left as they are, since
   * the option {@code history} keeps it.
   */
  public long heldByHistory() {
    return heldByHistory;
  }

  /**
   * How long the files are that have something to be given back and were left as they are, since a
   * feed of changes is open that has not done with them.
   */
  public long heldByFeeds() {
    return heldByFeeds;
  }

  /**
   * How many bytes are kept for snapshots that are open, roughly, most of them of files that have
   * been replaced: their space comes back when these are closed.
   */
  public long heldBySnapshots() {
    return heldBySnapshots;
  }

  @Override
  public String toString() {
    return "CompactionResult["
        + bytesBefore
        + " -> "
        + bytesAfter
        + " bytes, "
        + segmentsBefore
        + " -> "
        + segmentsAfter
        + " segments, "
        + rewritten
        + " rewritten, held: "
        + heldByHistory
        + " by history, "
        + heldByFeeds
        + " by feeds, "
        + heldBySnapshots
        + " by snapshots]";
  }
}
