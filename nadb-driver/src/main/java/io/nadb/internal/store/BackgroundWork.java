package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.internal.sync.SyncTask;
import io.nadb.internal.watch.StoreProbe;

/**
 * What the sync thread does for one store: flush by size and by time, retry, sweep, maintenance.
 *
 * <p>Flushes and sweeps fall on fixed ticks, counted from the opening, so that no write waits
 * longer than one interval; ticks that were missed are not made up for.
 */
final class BackgroundWork implements SyncTask {
  /** When to look again after finding somebody else flushing. */
  private static final long AGAIN_NANOS = 10_000_000L;

  private final StoreEngine engine;
  private final StoreProbe probe;
  private final Ticks flushes;
  private final Ticks sweeps;

  /** Written by the sync thread, and read by others for figures, as are the ticks. */
  private volatile boolean sweepGoesOn;

  private volatile long sweepSince;

  /** Whether a tick came while somebody else was flushing an older cut. */
  private boolean tickGoesOn;

  private boolean flushed;

  BackgroundWork(StoreEngine engine, EngineSettings settings, long nowNanos, StoreProbe probe) {
    this.engine = engine;
    this.probe = probe;
    this.flushes = new Ticks(settings.flushInterval(), nowNanos);
    this.sweeps = new Ticks(settings.sweepInterval(), nowNanos);
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public long runDue(long nowNanos) {
    probe.look();
    LastWrites last = engine.lastWrites();
    if (last.haveBegun()) {
      return last.runDue(nowNanos);
    }
    Flusher flusher = engine.flusher();
    flushed = engine.buffer().isFull() && flusher.isRetryDue(nowNanos);
    tickGoesOn |= flushes.take(nowNanos);
    boolean alone = true;
    if (flushed) {
      alone = flusher.flushQuietly(FlushCause.SIZE, nowNanos);
    }
    if (tickGoesOn || (flusher.isDegraded() && flusher.isRetryDue(nowNanos))) {
      boolean done = flusher.flushQuietly(FlushCause.INTERVAL, nowNanos);
      tickGoesOn &= !done;
      alone &= done;
    }
    long due = sweeps.next();
    if (sweeps.take(nowNanos)) {
      sweepSince = sweepGoesOn ? sweepSince : due;
      sweepGoesOn = true;
    }
    if (sweepGoesOn) {
      sweepGoesOn = engine.sweeper().sweepStep();
    }
    if (sweepGoesOn) {
      return nowNanos;
    }
    long next = Math.min(Math.min(flushes.next(), sweeps.next()), engine.resumesAt());
    if (!alone) {
      next = Math.min(next, nowNanos + AGAIN_NANOS);
    }
    return flusher.isDegraded() ? Math.min(next, flusher.retryAt()) : next;
  }

  /** For how long the sweep has been due that is not done yet. */
  long sweepLagNanos(long nowNanos) {
    long since = sweepGoesOn ? sweepSince : sweeps.next();
    return Math.max(0, since == Long.MAX_VALUE ? 0 : nowNanos - since);
  }

  @Override
  public void stalled() {
    probe.stalled();
  }

  @Override
  public boolean runStep() {
    // What gives space back can wait until the store is opened again.
    return !engine.lastWrites().haveBegun() && engine.maintain(!flushed);
  }
}
