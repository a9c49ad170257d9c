package io.nadb.internal.store;

import io.nadb.TimeSource;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * When a store is swept next: at the first tick at which an entry has expired, and at none at which
 * nothing can have. The sync thread plans; writers ask whether it has to plan anew.
 */
final class SweepPlan {
  /** How far ahead a sweep is planned: after that it looks again, since wall clocks are set. */
  private static final Duration FARTHEST = Duration.ofDays(1);

  private static final long NOT_PLANNED = Long.MAX_VALUE;

  private final Ticks ticks;
  private final InstantSource clock;
  private final WriteBuffer buffer;
  private final StorageBackend backend;
  private final Sweeper sweeper;

  /** The earliest expiry that the plan knows of; entries that expire earlier are news. */
  private volatile long earliest = Write.NEVER;

  /** When the next sweep is due. */
  private volatile long dueNanos = NOT_PLANNED;

  /** Written by the sync thread, and read by others for figures. */
  private volatile boolean goesOn;

  private volatile long sinceNanos;

  private SweepPlan(
      Ticks ticks,
      InstantSource clock,
      WriteBuffer buffer,
      StorageBackend backend,
      Sweeper sweeper) {
    this.ticks = ticks;
    this.clock = clock;
    this.buffer = buffer;
    this.backend = backend;
    this.sweeper = sweeper;
  }

  /** The plan of a store; one that is only read is not swept. */
  static SweepPlan of(
      EngineSettings settings,
      TimeSource time,
      InstantSource clock,
      WriteBuffer buffer,
      StorageBackend backend,
      Sweeper sweeper) {
    Optional<Duration> interval =
        backend.isReadOnly() ? Optional.empty() : settings.sweepInterval();
    Ticks ticks = new Ticks(interval, time.nanoTime());
    return new SweepPlan(ticks, clock, buffer, backend, sweeper);
  }

  boolean areOn() {
    return ticks.areOn();
  }

  /** Whether an entry that has been written expires before all that the plan knows of. */
  boolean isNews(long expiresAt) {
    return expiresAt < earliest && ticks.areOn();
  }

  /** Takes the ticks that have come, and begins the sweep if it is due; whether one has come. */
  boolean take(long nowNanos) {
    if (dueNanos <= nowNanos) {
      if (!goesOn) {
        sinceNanos = dueNanos;
      }
      goesOn = true;
    }
    return ticks.take(nowNanos);
  }

  /** Whether a sweep has begun and not ended. */
  boolean goesOn() {
    return goesOn;
  }

  /** Does a step of the sweep. */
  void step() {
    goesOn = sweeper.sweepStep();
  }

  /** The next tick, whether there is something to do at it or not. */
  long nextTick() {
    return ticks.next();
  }

  /** Plans the next sweep; returns when it is due. */
  long plan(long nowNanos) {
    if (!ticks.areOn()) {
      return Long.MAX_VALUE;
    }
    long expiry;
    do {
      // The buffer first, from where entries go on to the backend.
      expiry = Math.min(buffer.earliestExpiry(), backend.earliestExpiry());
      earliest = expiry;
    } while (buffer.earliestExpiry() < expiry); // A writer may have asked before.
    long due = expiry == Write.NEVER ? NOT_PLANNED : ticks.from(nowNanos + nanosUntil(expiry));
    dueNanos = due;
    return due;
  }

  private long nanosUntil(long expiry) {
    Instant now = clock.instant();
    if (expiry <= now.toEpochMilli()) {
      return 0;
    }
    if (expiry - now.toEpochMilli() >= FARTHEST.toMillis()) {
      return FARTHEST.toNanos();
    }
    return Duration.between(now, Instant.ofEpochMilli(expiry)).toNanos();
  }

  /** For how long the sweep has been due that is not done yet. */
  long lagNanos(long nowNanos) {
    long since = goesOn ? sinceNanos : dueNanos;
    return since == NOT_PLANNED ? 0 : Math.max(0, nowNanos - since);
  }
}
