package io.nadb;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of a location, shared by all handles and namespaces on it; counters only ever grow while
 * the location is open, and begin at zero when it is opened.
 *
 * <p>Immutable, and equal to others with the same figures. Later versions may have more of them.
 *
 * @since 0.1.0
 */
public final class StoreStats {
  private final StoreStatsBuilder figures;

  /** Takes the figures, which nobody changes any more. */
  StoreStats(StoreStatsBuilder figures) {
    this.figures = figures;
  }

  /**
   * Begins figures that are zero or empty and {@link StoreState#HEALTHY} where nothing else is
   * said; for those who implement a {@link KeyValueStore}, as a test may do.
   */
  public static StoreStatsBuilder builder() {
    return new StoreStatsBuilder();
  }

  /** How the store is doing. */
  public StoreState state() {
    return figures.state;
  }

  /**
   * Bytes that a crash of the process would lose now: keys, values and tags, an entry counting as
   * 64 bytes at least.
   */
  public long bufferedBytes() {
    return figures.bufferedBytes;
  }

  /** Keys that a crash of the process would lose now. */
  public long bufferedKeys() {
    return figures.bufferedKeys;
  }

  /** The {@code buffer} option; writers wait at twice this. */
  public long bufferLimitBytes() {
    return figures.bufferLimitBytes;
  }

  /**
   * How long ago the oldest write was made that a crash of the process would lose now; zero if
   * there is none.
   */
  public Duration bufferedAge() {
    return figures.bufferedAge;
  }

  /** The latest write's sequence number. */
  public long sequence() {
    return figures.sequence;
  }

  /** All writes up to this one are durable. */
  public long durableSequence() {
    return figures.durableSequence;
  }

  /** How many entries were set. */
  public long sets() {
    return figures.sets;
  }

  /** How many entries users removed, one by one or by clearing a namespace. */
  public long deletes() {
    return figures.deletes;
  }

  /** How many reads of a value there were. */
  public long gets() {
    return hits() + misses();
  }

  /** How many of them found one. */
  public long hits() {
    return figures.hits;
  }

  /** How many of them found none. */
  public long misses() {
    return figures.misses;
  }

  /** How many entries were removed because they had expired. */
  public long expired() {
    return figures.expired;
  }

  /** How many flushes made something durable. */
  public long flushCount() {
    return figures.flushCount;
  }

  /** How many flushes failed. */
  public long flushFailures() {
    return figures.flushFailures;
  }

  /** How many keys were flushed. */
  public long flushedKeys() {
    return figures.flushedKeys;
  }

  /** How many bytes, counted as {@link #bufferedBytes}, were flushed. */
  public long flushedBytes() {
    return figures.flushedBytes;
  }

  /** How many writes had to wait because the buffer was at its hard cap. */
  public long stalls() {
    return figures.stalls;
  }

  /** Why the latest successful flush took place. */
  public Optional<FlushCause> lastFlushCause() {
    return figures.lastFlushCause;
  }

  /** When the latest successful flush ended. */
  public Optional<Instant> lastFlushTime() {
    return figures.lastFlushTime;
  }

  /**
   * What the latest failed flush said, which stays when a later flush succeeds; or what is wrong
   * with the background work now.
   */
  public Optional<String> lastFailure() {
    return figures.lastFailure;
  }

  /**
   * How many keys the backend holds in all namespaces, expired ones included until they are swept;
   * 0, as for the bytes, from a backend that does not count them.
   */
  public long keys() {
    return figures.keys;
  }

  /** Bytes on disk that belong to a current entry. */
  public long liveBytes() {
    return figures.liveBytes;
  }

  /** Bytes on disk in all. */
  public long totalBytes() {
    return figures.totalBytes;
  }

  /** Bytes on disk that belong to no current entry: what compaction has not given back yet. */
  public long garbageBytes() {
    return totalBytes() - liveBytes();
  }

  /** How many times the backend has rewritten files to give space back. */
  public long compactions() {
    return figures.compactions;
  }

  /** How far the metadata database is behind the log, in sequence numbers. */
  public long metadataLag() {
    return figures.metadataLag;
  }

  /** Why the metadata database is not kept up; empty while it is. */
  public Optional<String> metadataFailure() {
    return figures.metadataFailure;
  }

  /**
   * How many keys the server of a store on Redis has taken away because its memory was full, of
   * whomever, since it was started; as of the opening or the last sweep.
   */
  public long evictedKeys() {
    return figures.evictedKeys;
  }

  /** How many times a store on Redis has made indexes anew, since some may have been lost. */
  public long indexRebuilds() {
    return figures.indexRebuilds;
  }

  /** How many calls of a store on Redis have waited for a connection, since all were in use. */
  public long connectionWaits() {
    return figures.connectionWaits;
  }

  /** How many calls of a store on Redis had no connection, or no answer, in time. */
  public long connectionTimeouts() {
    return figures.connectionTimeouts;
  }

  /** How many connections a store on Redis has made to its servers so far. */
  public long connectionsMade() {
    return figures.connectionsMade;
  }

  /** How many reads were answered from what a store on Redis keeps near (option {@code near}). */
  public long nearHits() {
    return figures.nearHits;
  }

  /** How many reads of such a store had to ask the server. */
  public long nearMisses() {
    return figures.nearMisses;
  }

  /** How many entries that were kept near had to go for want of room. */
  public long nearEvictions() {
    return figures.nearEvictions;
  }

  /** How many times the server has told of a key that had changed. */
  public long nearInvalidations() {
    return figures.nearInvalidations;
  }

  /** How many times the server was no longer heard, so that all that was kept near went. */
  public long nearLosses() {
    return figures.nearLosses;
  }

  /** How many bytes of memory is taken by what is kept near, nearly. */
  public long nearBytes() {
    return figures.nearBytes;
  }

  /**
   * How old the answers are at most that a store on Redis gives from what it keeps near; zero if it
   * gives none.
   */
  public Duration nearLag() {
    return figures.nearLag;
  }

  /**
   * Why a store on Redis keeps nothing near now, though the option {@code near} says so; empty if
   * it does. All its reads ask the server meanwhile.
   */
  public Optional<String> nearFailure() {
    return figures.nearFailure;
  }

  /** How many calls that nobody waits for are under way now ({@link KeyValueStore#async()}). */
  public long asyncCalls() {
    return figures.asyncCalls;
  }

  /** How many such calls were refused, since too many others were under way. */
  public long asyncRefusals() {
    return figures.asyncRefusals;
  }

  /** For how long the sweep has been due that is not done yet; zero if none is. */
  public Duration sweepLag() {
    return figures.sweepLag;
  }

  /** How many removals those who listen to them have yet to be told of. */
  public long pendingRemovals() {
    return figures.pendingRemovals;
  }

  /** How often those who listen to removals have thrown. */
  public long listenerFailures() {
    return figures.listenerFailures;
  }

  /** How many snapshots are open. */
  public long openSnapshots() {
    return figures.openSnapshots;
  }

  /** For how long the oldest open snapshot has been open; zero if none is. */
  public Duration oldestSnapshotAge() {
    return figures.oldestSnapshotAge;
  }

  /**
   * How many bytes are kept, in memory and of files, because snapshots are open, roughly: what
   * several keep counts for each.
   */
  public long snapshotBytes() {
    return figures.snapshotBytes;
  }

  /** How many feeds of changes ({@link io.nadb.feed.ChangeFeed}) are open. */
  public long openFeeds() {
    return figures.openFeeds;
  }

  /**
   * How many durable writes the slowest open feed has still to take, in sequence numbers; zero if
   * none is open, or all are up to date.
   */
  public long feedLag() {
    return figures.feedLag;
  }

  /**
   * How many bytes of the log, which belong to no current entry, are kept because open feeds have
   * still to read the files that they are in, roughly; zero if the store keeps history, which goes
   * by its own bounds.
   */
  public long feedBytes() {
    return figures.feedBytes;
  }

  /**
   * How far back {@link KeyValueStore#snapshotAt} can go, as far as is known; zero if the store
   * keeps no history, or has not been flushed yet.
   */
  public Duration historyAge() {
    return figures.historyAge;
  }

  /** How much of the log is younger than that, in bytes: compaction leaves it as it is. */
  public long historyBytes() {
    return figures.historyBytes;
  }

  /** Returns all figures by the names of their methods, as those return them. */
  public Map<String, Object> asMap() {
    return StoreStatsMap.of(figures);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoreStats stats && asMap().equals(stats.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return "StoreStats" + asMap();
  }
}
