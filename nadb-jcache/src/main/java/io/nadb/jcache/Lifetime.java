package io.nadb.jcache;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an expiry policy says of an entry's time.
 *
 * @param kind what is to be done
 * @param ttl how long it lives on; null unless the kind is {@link Kind#FOR}
 */
record Lifetime(Kind kind, @Nullable Duration ttl) {
  /** Longer than this is for ever. */
  private static final long LONGEST_MILLIS = Duration.ofDays(365_000).toMillis();

  static final Lifetime KEPT = new Lifetime(Kind.KEPT, null);
  static final Lifetime FOREVER = new Lifetime(Kind.FOREVER, null);
  static final Lifetime OVER = new Lifetime(Kind.OVER, null);

  /** What is to be done with an entry's time. */
  enum Kind {
    /** It stays as it is. */
    KEPT,
    /** The entry does not expire. */
    FOREVER,
    /** The entry has expired. */
    OVER,
    /** The entry expires after a time that begins now. */
    FOR
  }

  /** Reads JCache's duration, null for a time that stays as it is. */
  static Lifetime of(javax.cache.expiry.@Nullable Duration duration) {
    if (duration == null) {
      return KEPT;
    }
    if (duration.isEternal()) {
      return FOREVER;
    }
    if (duration.isZero()) {
      return OVER;
    }
    long millis = duration.getTimeUnit().toMillis(duration.getDurationAmount());
    return millis > LONGEST_MILLIS ? FOREVER : new Lifetime(Kind.FOR, Duration.ofMillis(millis));
  }

  /** The time that is left, of a lifetime that has one. */
  Duration time() {
    return Objects.requireNonNull(ttl, "ttl");
  }
}
