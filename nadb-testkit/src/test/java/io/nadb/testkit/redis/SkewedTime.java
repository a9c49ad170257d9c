package io.nadb.testkit.redis;

import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The time of a machine whose wall clock is set wrong. */
record SkewedTime(TimeSource real, Duration ahead) implements TimeSource {

  /** This machine's time, but with a wall clock that is ahead, or behind if that is negative. */
  static SkewedTime by(Duration ahead) {
    return new SkewedTime(TimeSource.system(), ahead);
  }

  @Override
  public Instant now() {
    return real.now().plus(ahead);
  }

  @Override
  public Optional<Instant> serverTime() {
    return real.serverTime();
  }

  @Override
  public long nanoTime() {
    return real.nanoTime();
  }

  @Override
  public Alarm newAlarm(String owner) {
    return real.newAlarm(owner);
  }

  @Override
  public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
    return real.await(done, timeout);
  }
}
