package io.nadb.internal.log.recovery;

/** Whom to tell how much of a log has been read while it is opened. */
@FunctionalInterface
public interface LoadProgress {

  /**
   * Takes in that so many bytes of the segments have been read; by the thread that opens the log,
   * which waits. It begins anew with less if the log has to be looked at once more.
   */
  void read(long bytes);
}
