package io.nadb.backup;

/**
 * Told how far a backup, a restore or a check has come.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BackupProgress {

  /**
   * Called now and then, by the thread that does the work, which waits; what is thrown ends the
   * work as a failure does.
   *
   * @param bytes how many bytes have been copied, shared or checked
   * @param total how many there are in all
   */
  void progressed(long bytes, long total);
}
