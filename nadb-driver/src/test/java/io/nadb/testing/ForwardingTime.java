package io.nadb.testing;

import io.nadb.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A time that passes every call on to another one: the base of those that change one answer. */
public abstract class ForwardingTime implements TimeSource {
  private final TimeSource time;

  /** Passes calls on to a time. */
  protected ForwardingTime(TimeSource time) {
    this.time = time;
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public Optional<Instant> serverTime() {
    return time.serverTime();
  }

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public Alarm newAlarm(String owner) {
    return time.newAlarm(owner);
  }

  @Override
  public boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException {
    return time.await(done, timeout);
  }
}
