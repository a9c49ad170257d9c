package io.nadb.internal.store;

import io.nadb.SetOptions;
import io.nadb.spi.Change;
import io.nadb.spi.Write;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** When an entry that is set now will be gone. */
final class Expiry {
  private Expiry() {}

  /** Refuses a change whose time to live, counted from now, goes beyond the end of time. */
  static void check(Change change, Instant now) {
    if (change instanceof Change.Put put) {
      of(put.options(), now);
    } else if (change instanceof Change.Touch touch) {
      of(SetOptions.ttl(touch.ttl()), now);
    }
  }

  /** The first millisecond at which a TTL that begins now has passed. */
  static long of(SetOptions options, Instant now) {
    if (options.ttl().isEmpty()) {
      return Write.NEVER;
    }
    Duration ttl = options.ttl().get();
    try {
      return now.plus(ttl).plusNanos(999_999).toEpochMilli();
    } catch (ArithmeticException | DateTimeException e) {
      throw new IllegalArgumentException(
          "ttl "
              + ttl
              + " goes beyond the end of time; leave the TTL away for an entry that never expires",
          e);
    }
  }
}
