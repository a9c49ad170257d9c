package io.nadb.internal.backup;

/** Whom to tell how far work has come. */
@FunctionalInterface
public interface ProgressTarget {
  /** Takes in that so many bytes of all are done. */
  void progressed(long bytes, long total);
}
