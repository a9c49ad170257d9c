package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.internal.sync.SyncTask;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.DirectBackend;
import java.time.Duration;
import java.util.Optional;

/** What the sync thread does for a store without a buffer: it removes what has expired. */
final class DirectWork implements SyncTask {
  private final DirectEngine engine;
  private final Ticks sweeps;
  private final StoreProbe probe;

  /** Written by the sync thread, and read by others for figures, as are the ticks. */
  private volatile boolean sweepGoesOn;

  private volatile long sweepSince;

  DirectWork(
      DirectEngine engine, Optional<Duration> sweepInterval, long nowNanos, StoreProbe probe) {
    this.engine = engine;
    this.probe = probe;
    this.sweeps = new Ticks(sweepInterval, nowNanos);
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public long runDue(long nowNanos) {
    probe.look();
    long due = sweeps.next();
    if (sweeps.take(nowNanos)) {
      sweepSince = sweepGoesOn ? sweepSince : due;
      sweepGoesOn = true;
    }
    if (sweepGoesOn) {
      sweepGoesOn = sweepStep();
    }
    return sweepGoesOn ? nowNanos : sweeps.next();
  }

  /**
   * A server that can't be reached is asked again at the next tick; its failure is in the stats.
   */
  private boolean sweepStep() {
    try {
      DirectBackend.Removal step = engine.removeExpired(null);
      return step.more();
    } catch (NadbException | IllegalStateException e) {
      return false;
    }
  }

  @Override
  public void stalled() {
    probe.stalled();
  }

  @Override
  public boolean runStep() {
    return engine.maintain();
  }

  /** For how long the sweep has been due that is not done yet. */
  long sweepLagNanos(long nowNanos) {
    long since = sweepGoesOn ? sweepSince : sweeps.next();
    return Math.max(0, since == Long.MAX_VALUE ? 0 : nowNanos - since);
  }
}
