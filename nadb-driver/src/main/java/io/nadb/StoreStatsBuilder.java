package io.nadb;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts {@link StoreStats} together, each figure by the name that it has there; {@code gets} is the
 * sum of {@code hits} and {@code misses}. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class StoreStatsBuilder implements Cloneable {
  StoreState state = StoreState.HEALTHY;
  long bufferedBytes;
  long bufferedKeys;
  long bufferLimitBytes;
  Duration bufferedAge = Duration.ZERO;
  long sequence;
  long durableSequence;
  long sets;
  long deletes;
  long hits;
  long misses;
  long expired;
  long flushCount;
  long flushFailures;
  long flushedKeys;
  long flushedBytes;
  long stalls;
  Optional<FlushCause> lastFlushCause = Optional.empty();
  Optional<Instant> lastFlushTime = Optional.empty();
  Optional<String> lastFailure = Optional.empty();
  long keys;
  long liveBytes;
  long totalBytes;
  long compactions;
  long metadataLag;
  Optional<String> metadataFailure = Optional.empty();
  long evictedKeys;
  long indexRebuilds;
  long connectionWaits;
  long connectionTimeouts;
  long connectionsMade;
  long nearHits;
  long nearMisses;
  long nearEvictions;
  long nearInvalidations;
  long nearLosses;
  long nearBytes;
  Duration nearLag = Duration.ZERO;
  Optional<String> nearFailure = Optional.empty();
  long asyncCalls;
  long asyncRefusals;
  Duration sweepLag = Duration.ZERO;
  long pendingRemovals;
  long listenerFailures;
  long openSnapshots;
  Duration oldestSnapshotAge = Duration.ZERO;
  long snapshotBytes;
  long openFeeds;
  long feedLag;
  long feedBytes;
  Duration historyAge = Duration.ZERO;
  long historyBytes;

  StoreStatsBuilder() {}

  public StoreStatsBuilder state(StoreState state) {
    this.state = Objects.requireNonNull(state, "state");
    return this;
  }

  public StoreStatsBuilder bufferedBytes(long bufferedBytes) {
    this.bufferedBytes = bufferedBytes;
    return this;
  }

  public StoreStatsBuilder bufferedKeys(long bufferedKeys) {
    this.bufferedKeys = bufferedKeys;
    return this;
  }

  public StoreStatsBuilder bufferLimitBytes(long bufferLimitBytes) {
    this.bufferLimitBytes = bufferLimitBytes;
    return this;
  }

  public StoreStatsBuilder bufferedAge(Duration bufferedAge) {
    this.bufferedAge = Objects.requireNonNull(bufferedAge, "bufferedAge");
    return this;
  }

  public StoreStatsBuilder sequence(long sequence) {
    this.sequence = sequence;
    return this;
  }

  public StoreStatsBuilder durableSequence(long durableSequence) {
    this.durableSequence = durableSequence;
    return this;
  }

  public StoreStatsBuilder sets(long sets) {
    this.sets = sets;
    return this;
  }

  public StoreStatsBuilder deletes(long deletes) {
    this.deletes = deletes;
    return this;
  }

  public StoreStatsBuilder hits(long hits) {
    this.hits = hits;
    return this;
  }

  public StoreStatsBuilder misses(long misses) {
    this.misses = misses;
    return this;
  }

  public StoreStatsBuilder expired(long expired) {
    this.expired = expired;
    return this;
  }

  public StoreStatsBuilder flushCount(long flushCount) {
    this.flushCount = flushCount;
    return this;
  }

  public StoreStatsBuilder flushFailures(long flushFailures) {
    this.flushFailures = flushFailures;
    return this;
  }

  public StoreStatsBuilder flushedKeys(long flushedKeys) {
    this.flushedKeys = flushedKeys;
    return this;
  }

  public StoreStatsBuilder flushedBytes(long flushedBytes) {
    this.flushedBytes = flushedBytes;
    return this;
  }

  public StoreStatsBuilder stalls(long stalls) {
    this.stalls = stalls;
    return this;
  }

  public StoreStatsBuilder lastFlushCause(Optional<FlushCause> lastFlushCause) {
    this.lastFlushCause = Objects.requireNonNull(lastFlushCause, "lastFlushCause");
    return this;
  }

  public StoreStatsBuilder lastFlushTime(Optional<Instant> lastFlushTime) {
    this.lastFlushTime = Objects.requireNonNull(lastFlushTime, "lastFlushTime");
    return this;
  }

  public StoreStatsBuilder lastFailure(Optional<String> lastFailure) {
    this.lastFailure = Objects.requireNonNull(lastFailure, "lastFailure");
    return this;
  }

  public StoreStatsBuilder keys(long keys) {
    this.keys = keys;
    return this;
  }

  public StoreStatsBuilder liveBytes(long liveBytes) {
    this.liveBytes = liveBytes;
    return this;
  }

  public StoreStatsBuilder totalBytes(long totalBytes) {
    this.totalBytes = totalBytes;
    return this;
  }

  public StoreStatsBuilder compactions(long compactions) {
    this.compactions = compactions;
    return this;
  }

  public StoreStatsBuilder metadataLag(long metadataLag) {
    this.metadataLag = metadataLag;
    return this;
  }

  public StoreStatsBuilder metadataFailure(Optional<String> metadataFailure) {
    this.metadataFailure = Objects.requireNonNull(metadataFailure, "metadataFailure");
    return this;
  }

  public StoreStatsBuilder evictedKeys(long evictedKeys) {
    this.evictedKeys = evictedKeys;
    return this;
  }

  public StoreStatsBuilder indexRebuilds(long indexRebuilds) {
    this.indexRebuilds = indexRebuilds;
    return this;
  }

  public StoreStatsBuilder connectionWaits(long connectionWaits) {
    this.connectionWaits = connectionWaits;
    return this;
  }

  public StoreStatsBuilder connectionTimeouts(long connectionTimeouts) {
    this.connectionTimeouts = connectionTimeouts;
    return this;
  }

  public StoreStatsBuilder connectionsMade(long connectionsMade) {
    this.connectionsMade = connectionsMade;
    return this;
  }

  public StoreStatsBuilder nearHits(long nearHits) {
    this.nearHits = nearHits;
    return this;
  }

  public StoreStatsBuilder nearMisses(long nearMisses) {
    this.nearMisses = nearMisses;
    return this;
  }

  public StoreStatsBuilder nearEvictions(long nearEvictions) {
    this.nearEvictions = nearEvictions;
    return this;
  }

  public StoreStatsBuilder nearInvalidations(long nearInvalidations) {
    this.nearInvalidations = nearInvalidations;
    return this;
  }

  public StoreStatsBuilder nearLosses(long nearLosses) {
    this.nearLosses = nearLosses;
    return this;
  }

  public StoreStatsBuilder nearBytes(long nearBytes) {
    this.nearBytes = nearBytes;
    return this;
  }

  public StoreStatsBuilder nearLag(Duration nearLag) {
    this.nearLag = Objects.requireNonNull(nearLag, "nearLag");
    return this;
  }

  public StoreStatsBuilder nearFailure(Optional<String> nearFailure) {
    this.nearFailure = Objects.requireNonNull(nearFailure, "nearFailure");
    return this;
  }

  public StoreStatsBuilder asyncCalls(long asyncCalls) {
    this.asyncCalls = asyncCalls;
    return this;
  }

  public StoreStatsBuilder asyncRefusals(long asyncRefusals) {
    this.asyncRefusals = asyncRefusals;
    return this;
  }

  public StoreStatsBuilder sweepLag(Duration sweepLag) {
    this.sweepLag = Objects.requireNonNull(sweepLag, "sweepLag");
    return this;
  }

  public StoreStatsBuilder pendingRemovals(long pendingRemovals) {
    this.pendingRemovals = pendingRemovals;
    return this;
  }

  public StoreStatsBuilder listenerFailures(long listenerFailures) {
    this.listenerFailures = listenerFailures;
    return this;
  }

  public StoreStatsBuilder openSnapshots(long openSnapshots) {
    this.openSnapshots = openSnapshots;
    return this;
  }

  public StoreStatsBuilder oldestSnapshotAge(Duration oldestSnapshotAge) {
    this.oldestSnapshotAge = Objects.requireNonNull(oldestSnapshotAge, "oldestSnapshotAge");
    return this;
  }

  public StoreStatsBuilder snapshotBytes(long snapshotBytes) {
    this.snapshotBytes = snapshotBytes;
    return this;
  }

  public StoreStatsBuilder openFeeds(long openFeeds) {
    this.openFeeds = openFeeds;
    return this;
  }

  public StoreStatsBuilder feedLag(long feedLag) {
    this.feedLag = feedLag;
    return this;
  }

  public StoreStatsBuilder feedBytes(long feedBytes) {
    this.feedBytes = feedBytes;
    return this;
  }

  public StoreStatsBuilder historyAge(Duration historyAge) {
    this.historyAge = Objects.requireNonNull(historyAge, "historyAge");
    return this;
  }

  public StoreStatsBuilder historyBytes(long historyBytes) {
    this.historyBytes = historyBytes;
    return this;
  }

  /** Returns the figures; what is set afterwards does not change them. */
  public StoreStats build() {
    return new StoreStats(clone());
  }

  @Override
  protected StoreStatsBuilder clone() {
    try {
      return (StoreStatsBuilder) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e); // It is supported.
    }
  }
}
