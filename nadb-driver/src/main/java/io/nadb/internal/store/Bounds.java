package io.nadb.internal.store;

import io.nadb.spi.Write;
import java.time.Instant;

/**
 * From which number to which, both inclusive; times are in milliseconds since 1970.
 *
 * @param least the least number that is meant
 * @param most the greatest number that is meant; if it is less, none is
 */
record Bounds(long least, long most) {
  static final Bounds NONE = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE);

  /** What never expires is no time. */
  private static final long LAST_TIME = Write.NEVER - 1;

  /** Times that do not lie before one. */
  static Bounds since(Instant time) {
    return new Bounds(firstMillis(time), LAST_TIME);
  }

  /** Times that lie before one. */
  static Bounds before(Instant time) {
    return new Bounds(Long.MIN_VALUE, firstMillis(time) - 1);
  }

  /** The first millisecond that does not lie before a time. */
  private static long firstMillis(Instant time) {
    long millis;
    try {
      millis = time.toEpochMilli();
    } catch (ArithmeticException e) { // Further away than any entry.
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE + 1 : LAST_TIME;
    }
    return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
  }

  Bounds and(Bounds other) {
    return new Bounds(Math.max(least, other.least), Math.min(most, other.most));
  }

  boolean include(long number) {
    return least <= number && number <= most;
  }
}
