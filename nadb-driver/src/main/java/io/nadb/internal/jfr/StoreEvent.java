package io.nadb.internal.jfr;

import io.nadb.StoreStats;
import java.time.Instant;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

/** {@code io.nadb.Store}: the figures of an open store, now and then; see {@link StoreStats}. */
@Name("io.nadb.Store")
@Label("Store")
@Category("NADB")
@Description("The figures of an open store")
@Period("1 s")
@StackTrace(false)
final class StoreEvent extends Event {
  @Label("Store")
  String store = "";

  @Label("URL")
  @Description("With credentials masked")
  String url = "";

  @Label("State")
  String state = "";

  @Label("Buffered bytes")
  @DataAmount
  long bufferedBytes;

  @Label("Buffered keys")
  long bufferedKeys;

  @Label("Buffer limit")
  @DataAmount
  long bufferLimitBytes;

  @Label("Buffered age")
  @Timespan(Timespan.MILLISECONDS)
  long bufferedAgeMillis;

  @Label("Sequence")
  long sequence;

  @Label("Durable sequence")
  long durableSequence;

  @Label("Sets")
  long sets;

  @Label("Deletes")
  long deletes;

  @Label("Gets")
  long gets;

  @Label("Hits")
  long hits;

  @Label("Misses")
  long misses;

  @Label("Expired")
  long expired;

  @Label("Flush count")
  long flushCount;

  @Label("Flush failures")
  long flushFailures;

  @Label("Flushed keys")
  long flushedKeys;

  @Label("Flushed bytes")
  @DataAmount
  long flushedBytes;

  @Label("Stalls")
  long stalls;

  @Label("Last flush cause")
  @Nullable String lastFlushCause;

  @Label("Last flush time")
  @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
  long lastFlushTime;

  @Label("Last failure")
  @Nullable String lastFailure;

  @Label("Keys")
  long keys;

  @Label("Live bytes")
  @DataAmount
  long liveBytes;

  @Label("Total bytes")
  @DataAmount
  long totalBytes;

  @Label("Compactions")
  long compactions;

  @Label("Metadata lag")
  long metadataLag;

  @Label("Metadata failure")
  @Nullable String metadataFailure;

  @Label("Evicted keys")
  long evictedKeys;

  @Label("Index rebuilds")
  long indexRebuilds;

  @Label("Connection waits")
  long connectionWaits;

  @Label("Connection timeouts")
  long connectionTimeouts;

  @Label("Connections made")
  long connectionsMade;

  @Label("Near hits")
  long nearHits;

  @Label("Near misses")
  long nearMisses;

  @Label("Near evictions")
  long nearEvictions;

  @Label("Near invalidations")
  long nearInvalidations;

  @Label("Near losses")
  long nearLosses;

  @Label("Near bytes")
  @DataAmount
  long nearBytes;

  @Label("Near lag")
  @Timespan(Timespan.MILLISECONDS)
  long nearLagMillis;

  @Label("Near failure")
  @Nullable String nearFailure;

  @Label("Asynchronous calls")
  long asyncCalls;

  @Label("Asynchronous calls refused")
  long asyncRefusals;

  @Label("Sweep lag")
  @Timespan(Timespan.MILLISECONDS)
  long sweepLagMillis;

  @Label("Pending removals")
  long pendingRemovals;

  @Label("Listener failures")
  long listenerFailures;

  @Label("Open snapshots")
  long openSnapshots;

  @Label("Oldest snapshot age")
  @Timespan(Timespan.MILLISECONDS)
  long oldestSnapshotAgeMillis;

  @Label("Snapshot bytes")
  @DataAmount
  long snapshotBytes;

  @Label("Open feeds")
  long openFeeds;

  @Label("Feed lag")
  long feedLag;

  @Label("Feed bytes")
  @DataAmount
  long feedBytes;

  @Label("History age")
  @Timespan(Timespan.MILLISECONDS)
  long historyAgeMillis;

  @Label("History bytes")
  @DataAmount
  long historyBytes;

  /** Records a store's figures. */
  static void record(String store, String url, StoreStats figures) {
    StoreEvent event = new StoreEvent();
    event.store = store;
    event.url = url;
    event.state = figures.state().name();
    event.bufferedBytes = figures.bufferedBytes();
    event.bufferedKeys = figures.bufferedKeys();
    event.bufferLimitBytes = figures.bufferLimitBytes();
    event.bufferedAgeMillis = figures.bufferedAge().toMillis();
    event.sequence = figures.sequence();
    event.durableSequence = figures.durableSequence();
    event.sets = figures.sets();
    event.deletes = figures.deletes();
    event.gets = figures.gets();
    event.hits = figures.hits();
    event.misses = figures.misses();
    event.expired = figures.expired();
    event.flushCount = figures.flushCount();
    event.flushFailures = figures.flushFailures();
    event.flushedKeys = figures.flushedKeys();
    event.flushedBytes = figures.flushedBytes();
    event.stalls = figures.stalls();
    event.lastFlushCause = figures.lastFlushCause().map(Enum::name).orElse(null);
    event.lastFlushTime = figures.lastFlushTime().map(Instant::toEpochMilli).orElse(0L);
    event.lastFailure = figures.lastFailure().orElse(null);
    event.keys = figures.keys();
    event.liveBytes = figures.liveBytes();
    event.totalBytes = figures.totalBytes();
    event.compactions = figures.compactions();
    event.metadataLag = figures.metadataLag();
    event.metadataFailure = figures.metadataFailure().orElse(null);
    event.evictedKeys = figures.evictedKeys();
    event.indexRebuilds = figures.indexRebuilds();
    event.connectionWaits = figures.connectionWaits();
    event.connectionTimeouts = figures.connectionTimeouts();
    event.connectionsMade = figures.connectionsMade();
    event.nearHits = figures.nearHits();
    event.nearMisses = figures.nearMisses();
    event.nearEvictions = figures.nearEvictions();
    event.nearInvalidations = figures.nearInvalidations();
    event.nearLosses = figures.nearLosses();
    event.nearBytes = figures.nearBytes();
    event.nearLagMillis = figures.nearLag().toMillis();
    event.nearFailure = figures.nearFailure().orElse(null);
    event.asyncCalls = figures.asyncCalls();
    event.asyncRefusals = figures.asyncRefusals();
    event.sweepLagMillis = figures.sweepLag().toMillis();
    event.pendingRemovals = figures.pendingRemovals();
    event.listenerFailures = figures.listenerFailures();
    event.openSnapshots = figures.openSnapshots();
    event.oldestSnapshotAgeMillis = figures.oldestSnapshotAge().toMillis();
    event.snapshotBytes = figures.snapshotBytes();
    event.openFeeds = figures.openFeeds();
    event.feedLag = figures.feedLag();
    event.feedBytes = figures.feedBytes();
    event.historyAgeMillis = figures.historyAge().toMillis();
    event.historyBytes = figures.historyBytes();
    event.commit();
  }
}
