package io.nadb.internal.redis;

import io.nadb.TimeSource;
import io.nadb.spi.Write;
import java.time.Instant;
import java.time.InstantSource;

/**
 * What time it is for the server, whose clock alone decides what has expired.
 *
 * <p>Scripts ask the server's clock itself, and Redis removes by it what has expired. Here is only
 * an estimate, for writes that wait in a buffer: the time that the server has told last, and what
 * has passed since on the monotonic clock of this machine. Its wall clock is never asked.
 *
 * <p>Where a test moves time by hand, its time holds instead: scripts are given it, and what Redis
 * still has is looked at before it is believed.
 */
final class ServerClock implements InstantSource {
  private static final byte[] ITS_OWN = {};
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final TimeSource time;

  /** How far the server's clock is ahead of the monotonic one. */
  private volatile long aheadMillis;

  ServerClock(TimeSource time) {
    this.time = time;
  }

  /** Notes what the server's clock shows. */
  void shows(long serverMillis) {
    aheadMillis = serverMillis - monotonicMillis();
  }

  /** Whether a test moves time by hand, so that the server's own clock says nothing. */
  boolean isGiven() {
    return time.serverTime().isPresent();
  }

  /** What a script is to take for the time: nothing, for the server's own. */
  byte[] given() {
    return time.serverTime().map(now -> Writes.number(now.toEpochMilli())).orElse(ITS_OWN);
  }

  /** Whether an entry is gone that Redis still has. */
  boolean hides(long expiresAt) {
    return expiresAt != Write.NEVER
        && time.serverTime().filter(now -> now.toEpochMilli() >= expiresAt).isPresent();
  }

  /** The server's time, as far as it is known here. */
  @Override
  public Instant instant() {
    return time.serverTime().orElseGet(() -> Instant.ofEpochMilli(aheadMillis + monotonicMillis()));
  }

  private long monotonicMillis() {
    return time.nanoTime() / NANOS_PER_MILLI;
  }
}
