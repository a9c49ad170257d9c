package io.nadb.internal.metadata;

import org.jspecify.annotations.Nullable;

/**
 * A place in the log: everything before it has been applied.
 *
 * @param sequence the sequence number of the last write applied
 * @param segment the segment that comes next, or is being read
 * @param offset where in that segment, in bytes
 * @param mark what stands there in this log and in no other; 0: nothing that could be told apart
 */
public record Progress(long sequence, long segment, long offset, long mark) {
  /** Before everything. */
  public static final Progress NONE = new Progress(0, 0, 0, 0);

  /**
   * As a record's own, which can't be used: up to JDK 17 at least, the JDK remembers forever whose
   * was made last ({@code java.lang.runtime.ObjectMethods}), and with it that class loader.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Progress that
        && sequence == that.sequence
        && segment == that.segment
        && offset == that.offset
        && mark == that.mark;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(sequence) * 31 + Long.hashCode(segment) * 17 + Long.hashCode(offset);
  }
}
