package io.nadb.testkit;

/**
 * A way for a process to end that leaves it no chance to do anything.
 *
 * @since 0.1.0
 */
public enum Crash {
  /** The process is killed; the operating system still has all that was written. */
  PROCESS_KILL,
  /**
   * The machine loses its power: what was not synced, contents and names, is gone. Files that are
   * only derived from others have moments of their own, which follow from the harness's seed: they
   * may be ahead of what they are derived from.
   */
  POWER_CUT,
  /**
   * The machine loses its power while the buffer is being flushed: half of the flush's first write,
   * in sectors of 512 bytes, is on the disk, and so is all that had been written before. With an
   * empty buffer there is nothing to tear, and it is a {@link #POWER_CUT}.
   */
  TORN_WRITE
}
