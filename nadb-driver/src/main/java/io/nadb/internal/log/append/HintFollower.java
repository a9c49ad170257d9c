package io.nadb.internal.log.append;

import io.nadb.internal.log.segment.HintFile;
import io.nadb.internal.log.segment.IndexBatch;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.StorageIo;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Writes the hint of the segment that cuts are appended to, along with them, so that a store that
 * is killed opens as fast as one that was closed.
 *
 * <p>What fails here costs that hint alone: {@code HintWriter} will try again. For whoever holds
 * the log's lock.
 */
final class HintFollower {
  private static final Logbook LOG = Logbook.of(HintFollower.class);

  private final StorageIo io;
  private HintFile.@Nullable Writer writer;

  HintFollower(StorageIo io) {
    this.io = io;
  }

  /** Begins the hint of a new segment. */
  void begin(Segment segment) {
    abort();
    writer = new HintFile.Writer(io, segment);
  }

  /**
   * Goes on with the hint of a segment that was the last one when the log was opened, if it
   * describes all of it.
   *
   * @param sequence the sequence number of the segment's last cut
   */
  void resume(Segment segment, long sequence) {
    abort();
    if (segment.isHinted()) {
      try {
        writer = HintFile.Writer.resume(io, segment, sequence);
      } catch (IOException | RuntimeException e) {
        giveUp(e);
      }
    }
  }

  /** Lets go of memory until there is something to write again. */
  void rest() {
    HintFile.Writer current = writer;
    if (current != null) {
      current.rest();
    }
  }

  /** Takes what was appended to the segment. */
  void add(IndexBatch records) {
    HintFile.Writer current = writer;
    if (current != null) {
      try {
        records.addTo(current);
      } catch (IOException | RuntimeException e) {
        giveUp(e);
      }
    }
  }

  /**
   * Takes notice that all that was appended is on disk.
   *
   * @param sequence the sequence number of the last cut
   */
  void synced(long sequence) {
    HintFile.Writer current = writer;
    if (current != null) {
      try {
        current.cover(current.segment().syncedEnd(), sequence);
      } catch (IOException | RuntimeException e) {
        giveUp(e);
      }
    }
  }

  /** Ends the hint of a segment that is complete and on disk. */
  void finish() {
    HintFile.Writer current = writer;
    if (current != null) {
      try {
        current.finish();
        writer = null;
        current.segment().setHinted(true);
      } catch (IOException | RuntimeException e) {
        giveUp(e);
      }
    }
  }

  private void giveUp(Exception failure) {
    LOG.log(Level.DEBUG, "no hint along with a segment", failure);
    abort();
  }

  /** Ends without a hint. */
  void abort() {
    HintFile.Writer current = writer;
    writer = null;
    if (current != null) {
      try {
        current.abort();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a part of a hint is left", e);
      }
    }
  }
}
