package io.nadb.maintenance;

/**
 * Told how far a compaction has come.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CompactionProgress {

  /**
   * Called at the beginning, now and then, and at the end, by the thread that waits; what is thrown
   * ends the compaction as an interruption does.
   *
   * @param bytes how many bytes of files have been looked at
   * @param total how many there are to look at
   */
  void progressed(long bytes, long total);
}
