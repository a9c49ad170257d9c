package io.nadb.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Figures that several meters read in turn: taken once for all of them, and anew as soon as one of
 * them asks again, or the figures are old.
 *
 * <p>A registry does not say when it begins to read. But it reads each meter once a scrape, so a
 * meter that comes for the second time has begun the next one. By age alone go those who read one
 * meter now and another one later.
 */
final class Round<T> {
  private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Supplier<T> source;
  private final Clock clock;

  @GuardedBy("this")
  private final BitSet served = new BitSet();

  @GuardedBy("this")
  private @Nullable T figures;

  @GuardedBy("this")
  private long takenNanos;

  Round(Supplier<T> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Returns the figures for a meter. */
  synchronized T read(int meter) {
    long now = clock.monotonicTime();
    T current = figures;
    if (current == null || served.get(meter) || now - takenNanos > MAX_AGE_NANOS) {
      current = source.get();
      figures = current;
      takenNanos = now;
      served.clear();
    }
    served.set(meter);
    return current;
  }
}
