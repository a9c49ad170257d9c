package io.nadb.internal.metadata;

/**
 * A place in the log: everything before it has been applied.
 *
 * @param sequence the sequence number of the last write applied
 * @param segment the segment that comes next, or is being read
 * @param offset where in that segment, in bytes
 */
public record Position(long sequence, long segment, long offset) {
  /** Before everything. */
  public static final Position NONE = new Position(0, 0, 0);
}
