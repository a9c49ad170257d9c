package io.nadb;

import java.util.LinkedHashMap;
import java.util.Map;

/** The figures of a {@link StoreStats} by the names of its methods, in their order. */
final class StoreStatsMap {
  private StoreStatsMap() {}

  static Map<String, Object> of(StoreStatsBuilder figures) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("state", figures.state);
    map.put("bufferedBytes", figures.bufferedBytes);
    map.put("bufferedKeys", figures.bufferedKeys);
    map.put("bufferLimitBytes", figures.bufferLimitBytes);
    map.put("bufferedAge", figures.bufferedAge);
    map.put("sequence", figures.sequence);
    map.put("durableSequence", figures.durableSequence);
    map.put("sets", figures.sets);
    map.put("deletes", figures.deletes);
    map.put("gets", figures.hits + figures.misses);
    map.put("hits", figures.hits);
    map.put("misses", figures.misses);
    map.put("expired", figures.expired);
    map.put("flushCount", figures.flushCount);
    map.put("flushFailures", figures.flushFailures);
    map.put("flushedKeys", figures.flushedKeys);
    map.put("flushedBytes", figures.flushedBytes);
    map.put("stalls", figures.stalls);
    map.put("lastFlushCause", figures.lastFlushCause);
    map.put("lastFlushTime", figures.lastFlushTime);
    map.put("lastFailure", figures.lastFailure);
    map.put("keys", figures.keys);
    map.put("liveBytes", figures.liveBytes);
    map.put("totalBytes", figures.totalBytes);
    map.put("compactions", figures.compactions);
    map.put("metadataLag", figures.metadataLag);
    map.put("metadataFailure", figures.metadataFailure);
    map.put("evictedKeys", figures.evictedKeys);
    map.put("indexRebuilds", figures.indexRebuilds);
    map.put("connectionWaits", figures.connectionWaits);
    map.put("connectionTimeouts", figures.connectionTimeouts);
    map.put("connectionsMade", figures.connectionsMade);
    map.put("nearHits", figures.nearHits);
    map.put("nearMisses", figures.nearMisses);
    map.put("nearEvictions", figures.nearEvictions);
    map.put("nearInvalidations", figures.nearInvalidations);
    map.put("nearLosses", figures.nearLosses);
    map.put("nearBytes", figures.nearBytes);
    map.put("nearLag", figures.nearLag);
    map.put("nearFailure", figures.nearFailure);
    map.put("asyncCalls", figures.asyncCalls);
    map.put("asyncRefusals", figures.asyncRefusals);
    map.put("sweepLag", figures.sweepLag);
    map.put("pendingRemovals", figures.pendingRemovals);
    map.put("listenerFailures", figures.listenerFailures);
    map.put("openSnapshots", figures.openSnapshots);
    map.put("oldestSnapshotAge", figures.oldestSnapshotAge);
    map.put("snapshotBytes", figures.snapshotBytes);
    map.put("openFeeds", figures.openFeeds);
    map.put("feedLag", figures.feedLag);
    map.put("feedBytes", figures.feedBytes);
    map.put("historyAge", figures.historyAge);
    map.put("historyBytes", figures.historyBytes);
    return map;
  }
}
