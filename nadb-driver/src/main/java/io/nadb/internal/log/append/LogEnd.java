package io.nadb.internal.log.append;

import io.nadb.internal.log.segment.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Where a log ends when it is opened.
 *
 * @param segment the last one; null if there is none
 * @param sequence the sequence number of the last cut; 0 if there is none
 * @param time when that cut was made, in milliseconds since 1970; 0 if nobody knows
 */
public record LogEnd(@Nullable Segment segment, long sequence, long time) {
  /** That of a log without a segment. */
  public static final LogEnd NONE = new LogEnd(null, 0, 0);
}
