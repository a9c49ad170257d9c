package io.nadb.internal.store;

import io.nadb.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * When a flush that has failed is tried again: after a pause that doubles up to the flush interval.
 * Changed with the flusher's lock, read without.
 */
final class RetryPause {
  private static final long INITIAL_NANOS = 100_000_000L;
  private static final long MAX_NANOS = 30_000_000_000L;

  private final TimeSource time;
  private final long longestNanos;

  private long nanos;
  private volatile boolean begun;
  private volatile long end;

  RetryPause(TimeSource time, Optional<Duration> flushInterval) {
    this.time = time;
    this.longestNanos =
        Math.max(
            INITIAL_NANOS,
            flushInterval
                .map(interval -> Math.min(interval.toNanos(), MAX_NANOS))
                .orElse(MAX_NANOS));
  }

  /** Begins one; returns whether the flush before had not failed. */
  boolean begin() {
    boolean first = !begun;
    nanos = nanos == 0 ? INITIAL_NANOS : Math.min(2 * nanos, longestNanos);
    end = time.nanoTime() + nanos;
    begun = true;
    return first;
  }

  /** Nothing has failed; returns whether something had. */
  boolean forget() {
    boolean had = begun;
    begun = false;
    nanos = 0;
    return had;
  }

  /** Whether the last flush has failed. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether a flush may be tried. */
  boolean isOver(long nowNanos) {
    return !begun || nowNanos - end >= 0;
  }

  /** When it is to be tried; only after a failure. */
  long end() {
    return end;
  }
}
