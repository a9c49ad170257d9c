package io.nadb.internal.jfr;

import org.jspecify.annotations.Nullable;

/**
 * Something that takes its time and is being recorded: it began when this was made, and ends with
 * the one method that fits it. {@link #NONE} records nothing.
 */
public interface Span {

  /** What stands for all that is not recorded. */
  Span NONE = new Span() {};

  /**
   * A cut has been flushed, or could not be.
   *
   * @param failure what went wrong, or null
   */
  default void flushed(
      String store, String cause, long keys, long bytes, @Nullable String failure) {}

  /**
   * A batch of expired entries has been removed.
   *
   * @param more whether there are more to remove
   */
  default void swept(String store, long removed, boolean more) {}

  /** Segments have been rewritten, and the old ones taken out of use. */
  default void compacted(String directory, int segments, long bytesBefore, long bytesAfter) {}

  /** A log has been opened. */
  default void recovered(String directory, int segments, long bytes, long keys, long sequence) {}
}
