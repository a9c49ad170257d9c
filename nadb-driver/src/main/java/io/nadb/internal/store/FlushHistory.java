package io.nadb.internal.store;

import io.nadb.FlushCause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What has been flushed so far, and what has failed; changed with the flusher's lock alone. */
@SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held by whoever updates
final class FlushHistory {
  private volatile long count;
  private volatile long failures;
  private volatile long keys;
  private volatile long bytes;
  private volatile @Nullable FlushCause lastCause;
  private volatile @Nullable Instant lastTime;
  private volatile @Nullable String lastFailure;

  /** The figures at one moment. */
  record Figures(
      boolean degraded,
      long count,
      long failures,
      long keys,
      long bytes,
      @Nullable FlushCause lastCause,
      @Nullable Instant lastTime,
      @Nullable String lastFailure) {}

  Figures figures(boolean degraded) {
    return new Figures(degraded, count, failures, keys, bytes, lastCause, lastTime, lastFailure);
  }

  /** Notes a cut that is durable; needs no memory. */
  void flushed(FlushCause cause, long cutKeys, long cutBytes, Instant time) {
    count = count + 1;
    keys = keys + cutKeys;
    bytes = bytes + cutBytes;
    lastCause = cause;
    lastTime = time;
  }

  /** Notes a failure, of which {@link #failedBecause} tells more if there is memory to do so. */
  void failed() {
    failures = failures + 1;
  }

  void failedBecause(String reason) {
    lastFailure = reason;
  }

  @Nullable String lastFailure() {
    return lastFailure;
  }
}
