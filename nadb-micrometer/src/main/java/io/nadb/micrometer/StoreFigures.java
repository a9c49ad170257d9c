package io.nadb.micrometer;

import static io.nadb.micrometer.Figure.Kind.COUNTER;
import static io.nadb.micrometer.Figure.Kind.GAUGE;
import static io.nadb.micrometer.Figure.Kind.SECONDS;
import static io.nadb.micrometer.Figure.result;

import io.nadb.StoreState;
import io.nadb.StoreStats;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The figures of a store. */
final class StoreFigures {
  private static final String BYTES = "bytes";
  private static final String KEYS = "keys";

  private static final Set<StoreState> WELL = Set.of(StoreState.HEALTHY, StoreState.READ_ONLY);

  /** All that a store tells, but for texts and what is the sum of others. */
  static final List<Figure<StoreStats>> ALL =
      List.of(
          Figure.of(
              GAUGE,
              "nadb.store.healthy",
              null,
              "1 while the store is healthy, else 0",
              stats -> WELL.contains(stats.state()) ? 1 : 0),
          Figure.of(
              GAUGE,
              "nadb.store.buffered",
              BYTES,
              "What a crash of the process would lose now",
              StoreStats::bufferedBytes),
          Figure.of(
              GAUGE,
              "nadb.store.buffered.keys",
              KEYS,
              "Keys that a crash of the process would lose now",
              StoreStats::bufferedKeys),
          Figure.of(
              GAUGE,
              "nadb.store.buffer.limit",
              BYTES,
              "The option buffer; writers wait at twice this",
              StoreStats::bufferLimitBytes),
          Figure.of(
              SECONDS,
              "nadb.store.buffered.age",
              null,
              "How long ago the oldest write was made that a crash of the process would lose now",
              stats -> seconds(stats.bufferedAge())),
          Figure.of(COUNTER, "nadb.store.sets", null, "Entries that were set", StoreStats::sets),
          Figure.of(
              COUNTER,
              "nadb.store.deletes",
              null,
              "Entries that users removed, one by one or by clearing",
              StoreStats::deletes),
          result("nadb.store.gets", "hit", "Reads of a value", StoreStats::hits),
          result("nadb.store.gets", "miss", "Reads of a value", StoreStats::misses),
          Figure.of(
              COUNTER,
              "nadb.store.expired",
              null,
              "Entries that were removed because they had expired",
              StoreStats::expired),
          result("nadb.store.flushes", "success", "Flushes", StoreStats::flushCount),
          result("nadb.store.flushes", "failure", "Flushes", StoreStats::flushFailures),
          Figure.of(
              COUNTER,
              "nadb.store.flushed.keys",
              KEYS,
              "Keys that were flushed",
              StoreStats::flushedKeys),
          Figure.of(
              COUNTER, "nadb.store.flushed", BYTES, "What was flushed", StoreStats::flushedBytes),
          Figure.of(
              COUNTER,
              "nadb.store.stalls",
              null,
              "Writes that had to wait for the buffer",
              StoreStats::stalls),
          Figure.of(
              GAUGE,
              "nadb.store.keys",
              KEYS,
              "Keys in all namespaces of the location",
              StoreStats::keys),
          Figure.of(
              GAUGE,
              "nadb.store.disk.live",
              BYTES,
              "Bytes on disk that belong to a current entry",
              StoreStats::liveBytes),
          Figure.of(
              GAUGE,
              "nadb.store.disk.garbage",
              BYTES,
              "Bytes on disk that compaction has not given back yet",
              StoreStats::garbageBytes),
          Figure.of(
              COUNTER,
              "nadb.store.compactions",
              null,
              "How often files were rewritten to give space back",
              StoreStats::compactions),
          Figure.of(
              GAUGE,
              "nadb.store.metadata.lag",
              "writes",
              "How far the metadata database is behind the log",
              StoreStats::metadataLag),
          Figure.of(
              COUNTER,
              "nadb.store.evicted.keys",
              "keys",
              "Keys that a Redis server has taken away because its memory was full",
              StoreStats::evictedKeys),
          Figure.of(
              COUNTER,
              "nadb.store.index.rebuilds",
              null,
              "How often indexes on Redis were made anew, since some may have been lost",
              StoreStats::indexRebuilds),
          Figure.of(
              COUNTER,
              "nadb.store.connection.waits",
              null,
              "Calls that waited for a connection to a Redis server, since all were in use",
              StoreStats::connectionWaits),
          Figure.of(
              COUNTER,
              "nadb.store.connection.timeouts",
              null,
              "Calls that had no connection to a Redis server, or no answer, in time",
              StoreStats::connectionTimeouts),
          Figure.of(
              COUNTER,
              "nadb.store.connections.made",
              "connections",
              "Connections that have been made to Redis servers",
              StoreStats::connectionsMade),
          Figure.of(
              COUNTER,
              "nadb.store.near.hits",
              null,
              "Reads that were answered from what is kept near of a Redis server",
              StoreStats::nearHits),
          Figure.of(
              COUNTER,
              "nadb.store.near.misses",
              null,
              "Reads that had to ask the server, though entries are kept near",
              StoreStats::nearMisses),
          Figure.of(
              COUNTER,
              "nadb.store.near.evictions",
              null,
              "Entries kept near that had to go for want of room",
              StoreStats::nearEvictions),
          Figure.of(
              COUNTER,
              "nadb.store.near.invalidations",
              "keys",
              "Keys of which the Redis server has told that they changed",
              StoreStats::nearInvalidations),
          Figure.of(
              COUNTER,
              "nadb.store.near.losses",
              null,
              "How often the Redis server was not heard, and all that was near went",
              StoreStats::nearLosses),
          Figure.of(
              GAUGE,
              "nadb.store.near.size",
              BYTES,
              "Memory that is taken by what is kept near",
              StoreStats::nearBytes),
          Figure.of(
              SECONDS,
              "nadb.store.near.lag",
              null,
              "How old what is answered from near may be, at most",
              stats -> seconds(stats.nearLag())),
          Figure.of(
              GAUGE,
              "nadb.store.async.calls",
              null,
              "Calls under way that nobody waits for",
              StoreStats::asyncCalls),
          Figure.of(
              COUNTER,
              "nadb.store.async.refusals",
              null,
              "Such calls that were refused, since too many were under way",
              StoreStats::asyncRefusals),
          Figure.of(
              SECONDS,
              "nadb.store.sweep.lag",
              null,
              "For how long the sweep has been due that is not done yet",
              stats -> seconds(stats.sweepLag())),
          Figure.of(
              GAUGE,
              "nadb.store.removals.pending",
              null,
              "Removals that listeners have yet to be told of",
              StoreStats::pendingRemovals),
          Figure.of(
              COUNTER,
              "nadb.store.listener.failures",
              null,
              "How often listeners to removals have thrown",
              StoreStats::listenerFailures),
          Figure.of(
              GAUGE,
              "nadb.store.snapshots",
              null,
              "Snapshots that are open",
              StoreStats::openSnapshots),
          Figure.of(
              SECONDS,
              "nadb.store.snapshots.oldest.age",
              null,
              "For how long the oldest open snapshot has been open",
              stats -> seconds(stats.oldestSnapshotAge())),
          Figure.of(
              GAUGE,
              "nadb.store.snapshots.kept",
              "bytes",
              "What is kept because snapshots are open, in memory and of files",
              StoreStats::snapshotBytes),
          Figure.of(
              GAUGE,
              "nadb.store.feeds",
              null,
              "Feeds of changes that are open",
              StoreStats::openFeeds),
          Figure.of(
              GAUGE,
              "nadb.store.feeds.lag",
              null,
              "Durable writes that the slowest open feed has still to take",
              StoreStats::feedLag),
          Figure.of(
              GAUGE,
              "nadb.store.feeds.kept",
              BYTES,
              "Garbage that is kept because feeds have still to read what it is in",
              StoreStats::feedBytes),
          Figure.of(
              SECONDS,
              "nadb.store.history.age",
              null,
              "How far back the store can be shown as it was",
              stats -> seconds(stats.historyAge())),
          Figure.of(
              GAUGE,
              "nadb.store.history.size",
              "bytes",
              "How much of the log is younger than that",
              StoreStats::historyBytes));

  private StoreFigures() {}

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
