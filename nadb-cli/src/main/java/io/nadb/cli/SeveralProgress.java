package io.nadb.cli;

import io.nadb.backup.BackupProgress;

/** How far work on one thing after another has come, told as if it were one. */
final class SeveralProgress implements BackupProgress {
  private final BackupProgress target;
  private long total;
  private long passed;

  SeveralProgress(BackupProgress target) {
    this.target = target;
  }

  /** Begins with the first of what comes to so many bytes in all. */
  void begin(long bytes) {
    total = bytes;
    passed = 0;
  }

  /** Goes on with the next, whatever has become of one with so many bytes. */
  void next(long bytes) {
    passed += bytes;
  }

  @Override
  public void progressed(long bytes, long ofThis) {
    target.progressed(passed + bytes, Math.max(total, passed + ofThis));
  }
}
