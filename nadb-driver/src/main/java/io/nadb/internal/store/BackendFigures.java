package io.nadb.internal.store;

import io.nadb.StoreStats;
import io.nadb.StoreStatsBuilder;
import io.nadb.spi.BackendStats;
import java.util.Optional;

/** What the statistics of every store take from its backend as it is. */
final class BackendFigures {
  private BackendFigures() {}

  /** Begins a store's statistics with them. */
  static StoreStatsBuilder builder(BackendStats stored) {
    return StoreStats.builder()
        .keys(stored.keys())
        .liveBytes(stored.liveBytes())
        .totalBytes(stored.totalBytes())
        .compactions(stored.compactions())
        .metadataLag(stored.metadataLag())
        .metadataFailure(Optional.ofNullable(stored.metadataFailure()))
        .evictedKeys(stored.evictedKeys())
        .indexRebuilds(stored.indexRebuilds())
        .connectionWaits(stored.connectionWaits())
        .connectionTimeouts(stored.connectionTimeouts())
        .connectionsMade(stored.connectionsMade())
        .nearHits(stored.nearHits())
        .nearMisses(stored.nearMisses())
        .nearEvictions(stored.nearEvictions())
        .nearInvalidations(stored.nearInvalidations())
        .nearLosses(stored.nearLosses())
        .nearBytes(stored.nearBytes())
        .nearLag(stored.nearLag())
        .nearFailure(Optional.ofNullable(stored.nearFailure()));
  }
}
