package io.nadb.internal.store;

import io.nadb.StoreState;
import io.nadb.StoreStats;
import io.nadb.internal.async.AsyncCalls;
import io.nadb.spi.BackendStats;
import io.nadb.spi.DirectBackend;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the statistics of a store without a buffer together. */
final class DirectFigures {
  private final DirectBackend backend;
  private final ServerCalls calls;
  private final UsageCounts usage;
  private final AsyncCalls async;

  DirectFigures(DirectBackend backend, ServerCalls calls, UsageCounts usage, AsyncCalls async) {
    this.backend = backend;
    this.calls = calls;
    this.usage = usage;
    this.async = async;
  }

  /**
   * Puts the statistics together.
   *
   * @param last the number of the last write
   * @param expired how many entries have been removed because they had expired
   * @param trouble what is wrong with the background work, or null
   * @param sweepLagNanos by how much the sweeps are late
   */
  StoreStats stats(
      boolean closed, long last, long expired, @Nullable String trouble, long sweepLagNanos) {
    BackendStats stored = backend.stats();
    return usage
        .addTo(BackendFigures.builder(stored))
        .state(
            closed
                ? StoreState.CLOSED
                : calls.failed() || trouble != null ? StoreState.DEGRADED : StoreState.HEALTHY)
        .sequence(last)
        .durableSequence(last)
        .expired(expired)
        .lastFailure(
            Optional.ofNullable(trouble == null || calls.failed() ? calls.lastFailure() : trouble))
        .asyncCalls(async.calls())
        .asyncRefusals(async.refusals())
        .sweepLag(Duration.ofNanos(sweepLagNanos))
        .build();
  }
}
