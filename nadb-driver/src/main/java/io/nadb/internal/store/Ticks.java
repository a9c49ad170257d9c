package io.nadb.internal.store;

import java.time.Duration;
import java.util.Optional;

/** A fixed rhythm, counted from the opening; ticks that were missed are not made up for. */
final class Ticks {
  private final long intervalNanos;
  private long next;

  Ticks(Optional<Duration> interval, long nowNanos) {
    this.intervalNanos = interval.map(Duration::toNanos).orElse(0L);
    this.next = nowNanos + intervalNanos;
  }

  /** Whether there are any. */
  boolean areOn() {
    return intervalNanos != 0;
  }

  /** Takes the ticks that have come; returns whether there is one. */
  boolean take(long nowNanos) {
    if (intervalNanos == 0 || nowNanos < next) {
      return false;
    }
    next = after(nowNanos, 1);
    return true;
  }

  /** When the next one comes; {@link Long#MAX_VALUE} for never. */
  long next() {
    return intervalNanos == 0 ? Long.MAX_VALUE : next;
  }

  /** The next one that does not come before a given time. */
  long from(long nanos) {
    return intervalNanos == 0 || nanos <= next ? next() : after(nanos - 1, 1);
  }

  private long after(long nanos, int more) {
    return next + intervalNanos * ((nanos - next) / intervalNanos + more);
  }
}
