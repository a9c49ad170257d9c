package io.nadb.internal.store;

import java.time.Duration;
import java.util.Optional;

/** A fixed rhythm, counted from the opening; ticks that were missed are not made up for. */
@SuppressWarnings("NonAtomicVolatileUpdate") // only the sync thread updates
final class Ticks {
  private final long intervalNanos;
  private volatile long next;

  Ticks(Optional<Duration> interval, long nowNanos) {
    this.intervalNanos = interval.map(Duration::toNanos).orElse(0L);
    this.next = nowNanos + intervalNanos;
  }

  boolean take(long nowNanos) {
    if (intervalNanos == 0 || nowNanos < next) {
      return false;
    }
    next = next + intervalNanos * ((nowNanos - next) / intervalNanos + 1);
    return true;
  }

  long next() {
    return intervalNanos == 0 ? Long.MAX_VALUE : next;
  }
}
