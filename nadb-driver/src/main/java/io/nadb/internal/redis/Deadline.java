package io.nadb.internal.redis;

import io.nadb.TimeSource;
import java.time.Duration;

/** When a call must have got on: it begins anew with each answer. For one thread. */
final class Deadline {
  /** How long a megabyte may be under way besides, so that large values have a chance. */
  private static final long NANOS_PER_MEGABYTE = 100_000_000;

  private final TimeSource time;
  private final Duration timeout;
  private long endNanos;

  Deadline(TimeSource time, Duration timeout) {
    this.time = time;
    this.timeout = timeout;
    restart();
  }

  /** Gives the whole time again. */
  void restart() {
    endNanos = time.nanoTime() + timeout.toNanos();
  }

  /** Gives as much more time as it may take to send so much. */
  void allowFor(long bytes) {
    endNanos += (bytes >> 20) * NANOS_PER_MEGABYTE;
  }

  boolean isOver() {
    return endNanos - time.nanoTime() <= 0;
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, endNanos - time.nanoTime()));
  }

  /** What is left, for a socket: at least a millisecond, since 0 would be for ever. */
  int leftMillis() {
    return (int) Math.max(1, Math.min(left().toMillis(), Integer.MAX_VALUE));
  }
}
