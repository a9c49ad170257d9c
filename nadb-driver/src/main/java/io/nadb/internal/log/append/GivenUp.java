package io.nadb.internal.log.append;

import io.nadb.internal.log.segment.Segment;
import io.nadb.spi.StorageIo;
import org.jspecify.annotations.Nullable;

/**
 * What a failure has left behind at the end of the log, until it is written again; guarded by the
 * log's lock.
 */
final class GivenUp {
  private boolean ahead;
  private @Nullable Segment tailed;

  /** Whether the index knows of cuts that were taken back. */
  boolean isAhead() {
    return ahead;
  }

  /** Notes that cuts are taken back of which the index knows. */
  void noteCuts() {
    ahead = true;
  }

  /** Notes a segment that is given up with a part not synced. */
  void noteTail(Segment segment) {
    tailed = segment;
  }

  /** What had not been synced is on disk now, in the segment's successor. */
  void forget() {
    ahead = false;
    Segment segment = tailed;
    if (segment != null) {
      tailed = null;
      segment.retreat();
    }
  }

  /**
   * Cuts off what was not written as a whole, for good: a write that was reported as failed must
   * not come back. Where that fails, the next segment's header says where this one ends, or
   * recovery settles what it finds.
   */
  static void cut(StorageIo.Output open, long length, Throwable failure) {
    try (open) {
      open.setLength(length);
      open.sync();
    } catch (Throwable e) {
      suppress(e, failure);
    }
  }

  /** Keeps what is thrown after a failure with it. */
  static void suppress(Throwable another, Throwable failure) {
    if (another != failure) { // It may be the same object, thrown again.
      failure.addSuppressed(another);
    }
  }
}
