package io.nadb.internal.backup;

import io.nadb.internal.log.PinnedLog;
import io.nadb.internal.log.PinnedLog.PinnedSegment;
import io.nadb.spi.PinnedFiles;

/** Checks the files of a store, as they are at one cut. */
public final class LogCheck {

  private LogCheck() {}

  /**
   * Reads every record and every cut; returns how many bytes those were.
   *
   * @throws io.nadb.CorruptStoreException if one is not as it was written
   */
  public static long run(PinnedFiles files, ProgressTarget progress) {
    if (!(files instanceof PinnedLog log)) {
      throw new IllegalArgumentException(
          files + " is of " + files.getClass().getName() + ", which can't be checked");
    }
    long bytes = log.segments().stream().mapToLong(PinnedSegment::length).sum();
    ByteMeter meter = new ByteMeter(progress, bytes);
    for (PinnedSegment segment : log.segments()) {
      long before = meter.done();
      segment.check(offset -> meter.reach(before + offset));
      meter.reach(before + segment.length());
    }
    return bytes;
  }
}
