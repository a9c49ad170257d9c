package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.internal.sync.SyncTask;
import io.nadb.internal.watch.StoreProbe;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the sync thread does for one store: flush by size and by time, retry, sweep, maintenance.
 *
 * <p>Flushes and sweeps fall on fixed ticks, counted from the opening, so that no write waits
 * longer than one interval; ticks that were missed are not made up for.
 *
 * <p>A tick is waited for only if there may be something to do at it. The work is <i>awake</i> from
 * the first write, or whatever else leaves work behind, to the first tick after which nothing is
 * buffered; asleep, it asks to be called for the sweep that removes the next entry to expire, and
 * without one not at all. A store that neither flushes nor sweeps by time has ticks for this alone:
 * if it went to sleep as soon as it may, each write would have to wake it.
 */
final class BackgroundWork implements SyncTask {
  /** When to look again after finding somebody else flushing. */
  private static final long AGAIN_NANOS = 10_000_000L;

  /** How often a store that has no ticks of its own looks whether it may go to sleep. */
  private static final Duration BETWEEN_RESTS = Duration.ofSeconds(5);

  private static final long ASLEEP = Long.MIN_VALUE;

  private final String store;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final LastWrites lastWrites;
  private final Ticks flushes;
  private final Ticks rests;
  private final SweepPlan sweeps;
  private final Upkeep upkeep;
  private final StoreProbe probe;
  private final RemovalListeners removals;
  private final Snapshots snapshots;
  private final OpenFeeds feeds;

  /** Since when it is awake, on the monotonic clock, or {@link #ASLEEP}. */
  private final AtomicLong awakeSince;

  /** Whether it went to sleep and has not noticed since that it was woken. */
  private boolean sleeps;

  /** Whether a tick came while somebody else was flushing an older cut. */
  private boolean tickGoesOn;

  private boolean flushed;

  BackgroundWork(
      EngineSettings settings,
      long nowNanos,
      WriteBuffer buffer,
      Flusher flusher,
      LastWrites lastWrites,
      SweepPlan sweeps,
      Upkeep upkeep,
      StoreProbe probe,
      RemovalListeners removals,
      Snapshots snapshots,
      OpenFeeds feeds) {
    this.store = settings.name();
    this.buffer = buffer;
    this.flusher = flusher;
    this.lastWrites = lastWrites;
    this.flushes = new Ticks(settings.flushInterval(), nowNanos);
    this.rests =
        new Ticks(
            flushes.areOn() || sweeps.areOn() ? Optional.empty() : Optional.of(BETWEEN_RESTS),
            nowNanos);
    this.sweeps = sweeps;
    this.upkeep = upkeep;
    this.probe = probe;
    this.removals = removals;
    this.snapshots = snapshots;
    this.feeds = feeds;
    this.awakeSince = new AtomicLong(nowNanos); // What was found at the opening may need work.
  }

  @Override
  public String name() {
    return store;
  }

  /**
   * Whether the sync thread has to be told of a write, or of anything else that leaves work behind:
   * then call {@link #notice} and wake it. Costs a write the reading of two variables.
   *
   * @param expiresAt when the entry expires, or {@link io.nadb.spi.Write#NEVER}
   */
  boolean isNews(long expiresAt) {
    return awakeSince.get() == ASLEEP || sweeps.isNews(expiresAt);
  }

  /** Is awake from now on, if it was asleep. */
  void notice(long nowNanos) {
    awakeSince.compareAndSet(ASLEEP, nowNanos);
  }

  @Override
  public void unattended() {
    awakeSince.set(ASLEEP); // So that the next write calls.
  }

  @Override
  public long runDue(long nowNanos) {
    probe.look();
    if (lastWrites.haveBegun()) {
      return lastWrites.runDue(nowNanos);
    }
    snapshots.closeLost();
    feeds.closeLost();
    boolean wokenUp = passOverTicks();
    flushed = buffer.isFull() && flusher.isRetryDue(nowNanos);
    boolean tick = flushes.take(nowNanos);
    boolean rest = rests.take(nowNanos); // Whatever comes of it: what is not taken is due again.
    tickGoesOn |= tick;
    boolean alone = true;
    if (flushed) {
      alone = flusher.flushQuietly(FlushCause.SIZE, nowNanos);
    }
    if (tickGoesOn || (flusher.isDegraded() && flusher.isRetryDue(nowNanos))) {
      boolean done = flusher.flushQuietly(FlushCause.INTERVAL, nowNanos);
      tickGoesOn &= !done;
      alone &= done;
    }
    boolean sweepTick = sweeps.take(nowNanos);
    if (sweeps.goesOn()) {
      try {
        sweeps.step();
      } finally { // Whatever has been removed before a failure is gone.
        removals.deliver();
      }
    }
    if (sweeps.goesOn()) {
      return nowNanos;
    }
    if (alone && !tickGoesOn && !flusher.isDegraded()) {
      sleepIfIdle(flushes.areOn() ? tick : (sweepTick && !wokenUp) || rest, nowNanos);
    }
    long next = Math.min(sweeps.plan(nowNanos), upkeep.resumesAt());
    if (awakeSince.get() != ASLEEP) {
      long tickAgain = flushes.areOn() ? flushes.next() : sweeps.nextTick();
      next = Math.min(next, Math.min(tickAgain, rests.next()));
    }
    if (!alone) {
      next = Math.min(next, nowNanos + AGAIN_NANOS);
    }
    return flusher.isDegraded() ? Math.min(next, flusher.retryAt()) : next;
  }

  /**
   * Ticks that came while it was asleep are none that anybody has waited for.
   *
   * @return whether it has been asleep until now
   */
  private boolean passOverTicks() {
    long since = awakeSince.get();
    if (sleeps && since != ASLEEP) {
      sleeps = false;
      flushes.take(since);
      rests.take(since);
      return true;
    }
    return false;
  }

  /**
   * Goes to sleep at a tick after which nothing is left to be flushed, and wakes up for what the
   * sync thread has written itself. What else there is to do is done in the steps that follow.
   */
  private void sleepIfIdle(boolean tick, long nowNanos) {
    boolean canWait = !flushes.areOn() || buffer.isEmpty();
    if (awakeSince.get() != ASLEEP && canWait && tick) {
      awakeSince.set(ASLEEP);
      sleeps = true;
      upkeep.rest();
      probe.asleep();
    }
    if (flushes.areOn() && !buffer.isEmpty()) { // Asked after: a write may have come.
      notice(nowNanos);
      passOverTicks();
    }
  }

  /** For how long the sweep has been due that is not done yet. */
  long sweepLagNanos(long nowNanos) {
    return sweeps.lagNanos(nowNanos);
  }

  @Override
  public void stalled() {
    probe.stalled();
  }

  @Override
  public boolean runStep() {
    // What gives space back can wait until the store is opened again.
    return !lastWrites.haveBegun() && upkeep.step(!flushed);
  }
}
