package io.nadb.internal.redis;

import io.nadb.spi.DirectBackend.Removal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What is done for a database from time to time, when its store sweeps: what has expired is
 * removed, and what the server may have taken away is looked after.
 */
final class RedisUpkeep {
  /** Sweeps may come at any rate; the server is not asked more often. */
  private static final long PAUSE_MILLIS = 30_000;

  private final Evictions evictions;
  private final Expiries expiries;
  private final RedisQueries queries;
  private final Runnable keepFormat;
  private final InstantSource clock;
  private volatile long lookedAt;
  private volatile boolean tidies;

  RedisUpkeep(
      Evictions evictions,
      Expiries expiries,
      RedisQueries queries,
      Runnable keepFormat,
      InstantSource clock) {
    this.evictions = evictions;
    this.expiries = expiries;
    this.queries = queries;
    this.keepFormat = keepFormat;
    this.clock = clock;
    this.lookedAt = clock.millis();
  }

  /** Takes a step of a sweep. */
  Removal removeExpired(@Nullable String namespace) {
    if (clock.millis() - lookedAt >= PAUSE_MILLIS) {
      lookedAt = clock.millis();
      keepFormat.run();
      if (evictions.look()) {
        expiries.beginToTidy();
        if (evictions.takesAll()) {
          queries.beginToTidy();
        }
        tidies = true;
      }
    }
    Removal removal = expiries.remove(namespace);
    if (tidies) {
      boolean more = expiries.goOnTidying();
      more |= queries.goOnTidying();
      tidies = more;
      return new Removal(removal.removed(), removal.more() || tidies);
    }
    return removal;
  }
}
