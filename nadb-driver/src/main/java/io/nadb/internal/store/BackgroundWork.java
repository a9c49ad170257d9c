package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.internal.sync.SyncTask;
import java.time.Duration;
import java.util.Optional;

/**
 * What the sync thread does for one store: flush by size and by time, retry, sweep, maintenance.
 *
 * <p>Flushes and sweeps fall on fixed ticks, counted from the opening, so that no write waits
 * longer than one interval; ticks that were missed are not made up for.
 */
final class BackgroundWork implements SyncTask {
  private final StoreEngine engine;
  private final Ticks flushes;
  private final Ticks sweeps;
  private boolean sweepGoesOn;
  private boolean flushed;

  BackgroundWork(StoreEngine engine, EngineSettings settings, long nowNanos) {
    this.engine = engine;
    this.flushes = new Ticks(settings.flushInterval(), nowNanos);
    this.sweeps = new Ticks(settings.sweepInterval(), nowNanos);
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public long runDue(long nowNanos) {
    Flusher flusher = engine.flusher();
    flushed = false;
    if (engine.buffer().isFull() && flusher.isRetryDue(nowNanos)) {
      flushed = true;
      flusher.flushQuietly(FlushCause.SIZE, nowNanos);
    }
    if (flushes.take(nowNanos) || (flusher.isDegraded() && flusher.isRetryDue(nowNanos))) {
      flusher.flushQuietly(FlushCause.INTERVAL, nowNanos);
    }
    if (sweeps.take(nowNanos) || sweepGoesOn) {
      sweepGoesOn = engine.sweeper().sweepStep();
    }
    if (sweepGoesOn) {
      return nowNanos;
    }
    long next = Math.min(flushes.next(), sweeps.next());
    return flusher.isDegraded() ? Math.min(next, flusher.retryAt()) : next;
  }

  @Override
  public boolean runStep() {
    return engine.maintain(!flushed);
  }

  /** A fixed rhythm. */
  private static final class Ticks {
    private final long intervalNanos;
    private long next;

    Ticks(Optional<Duration> interval, long nowNanos) {
      this.intervalNanos = interval.map(Duration::toNanos).orElse(0L);
      this.next = nowNanos + intervalNanos;
    }

    boolean take(long nowNanos) {
      if (intervalNanos == 0 || nowNanos < next) {
        return false;
      }
      next += intervalNanos * ((nowNanos - next) / intervalNanos + 1);
      return true;
    }

    long next() {
      return intervalNanos == 0 ? Long.MAX_VALUE : next;
    }
  }
}
