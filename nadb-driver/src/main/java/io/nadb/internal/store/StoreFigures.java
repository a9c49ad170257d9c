package io.nadb.internal.store;

import io.nadb.StoreState;
import io.nadb.StoreStats;
import io.nadb.spi.BackendStats;
import io.nadb.spi.StorageBackend;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the statistics of a store together. */
final class StoreFigures {
  private final EngineSettings settings;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final Sweeper sweeper;
  private final StorageBackend backend;
  private final RemovalListeners removals;
  private final Snapshots snapshots;
  private final OpenFeeds feeds;
  private final BufferedAsync async;
  private final UsageCounts usage;

  StoreFigures(
      EngineSettings settings,
      UsageCounts usage,
      WriteBuffer buffer,
      Flusher flusher,
      Sweeper sweeper,
      StorageBackend backend,
      RemovalListeners removals,
      Snapshots snapshots,
      OpenFeeds feeds,
      BufferedAsync async) {
    this.settings = settings;
    this.usage = usage;
    this.buffer = buffer;
    this.flusher = flusher;
    this.sweeper = sweeper;
    this.backend = backend;
    this.removals = removals;
    this.snapshots = snapshots;
    this.feeds = feeds;
    this.async = async;
  }

  /**
   * Puts the statistics together.
   *
   * @param trouble what is wrong with the background work, or null
   * @param nowMillis the store's time
   * @param sweepLagNanos by how much the sweeps are late
   */
  StoreStats stats(boolean open, @Nullable String trouble, long nowMillis, long sweepLagNanos) {
    BackendStats stored = backend.stats();
    FlushHistory.Figures flushes = flusher.figures();
    BufferUsage buffered = BufferUsage.of(buffer.layers());
    long durable = flusher.durable().sequence();
    return usage
        .addTo(BackendFigures.builder(stored))
        .state(state(open, flushes.degraded() || trouble != null))
        .bufferedBytes(buffered.bytes())
        .bufferedKeys(buffered.keys())
        .bufferLimitBytes(settings.bufferBytes())
        .bufferedAge(age(buffered.oldest(), nowMillis))
        .sequence(buffer.sequence())
        .durableSequence(durable)
        .expired(sweeper.removed())
        .flushCount(flushes.count())
        .flushFailures(flushes.failures())
        .flushedKeys(flushes.keys())
        .flushedBytes(flushes.bytes())
        .stalls(buffer.stalls())
        .lastFlushCause(Optional.ofNullable(flushes.lastCause()))
        .lastFlushTime(Optional.ofNullable(flushes.lastTime()))
        .lastFailure(
            Optional.ofNullable(
                trouble == null || flushes.degraded() ? flushes.lastFailure() : trouble))
        .asyncCalls(async.calls().calls())
        .asyncRefusals(async.calls().refusals())
        .sweepLag(Duration.ofNanos(sweepLagNanos))
        .pendingRemovals(removals.pending())
        .listenerFailures(removals.failures())
        .openSnapshots(snapshots.count())
        .oldestSnapshotAge(snapshots.oldestAge())
        .snapshotBytes(open ? snapshotBytes(stored) : 0)
        .openFeeds(open ? feeds.count() : 0)
        .feedLag(open ? feeds.lag(durable) : 0)
        .feedBytes(open ? stored.feedBytes() : 0)
        .historyAge(stored.historyAge())
        .historyBytes(stored.historyBytes())
        .build();
  }

  private long snapshotBytes(BackendStats stored) {
    return snapshots.count() == 0 ? 0 : snapshots.keptBytes() + stored.retainedBytes();
  }

  private StoreState state(boolean open, boolean degraded) {
    if (!open) {
      return StoreState.CLOSED;
    }
    StoreState well = backend.isReadOnly() ? StoreState.READ_ONLY : StoreState.HEALTHY;
    return degraded ? StoreState.DEGRADED : well;
  }

  /** For how long a write has been waiting; nothing for one of the future, or none. */
  private static Duration age(long writtenMillis, long nowMillis) {
    return Duration.ofMillis(writtenMillis == 0 ? 0 : Math.max(0, nowMillis - writtenMillis));
  }
}
