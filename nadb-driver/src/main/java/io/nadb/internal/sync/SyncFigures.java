package io.nadb.internal.sync;

import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What has been counted so far, by whichever threads did the work. */
final class SyncFigures {
  private static final Logbook LOG = Logbook.of(KeyValueSync.class);

  private final AtomicLong rounds = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong takeovers = new AtomicLong();
  private final AtomicLong lagNanos = new AtomicLong();
  private final AtomicLong maxLagNanos = new AtomicLong();
  private volatile @Nullable String lastFailure;

  void round() {
    rounds.incrementAndGet();
  }

  void takeover() {
    takeovers.incrementAndGet();
  }

  void lag(long nanos) {
    lagNanos.set(nanos);
    maxLagNanos.accumulateAndGet(nanos, Math::max);
  }

  /** Notes that a store's work has thrown. */
  void fail(String store, Throwable e) {
    failures.incrementAndGet();
    lastFailure = store + ": " + e;
    LOG.log(Level.WARNING, "background work of store " + store + " failed", e);
  }

  /** Notes that a thread could not do its own work; not logged, since memory may be short. */
  void fail(Throwable e) {
    failures.incrementAndGet();
    lastFailure = String.valueOf(e);
  }

  long rounds() {
    return rounds.get();
  }

  long failures() {
    return failures.get();
  }

  long takeovers() {
    return takeovers.get();
  }

  Duration lag() {
    return Duration.ofNanos(lagNanos.get());
  }

  Duration maxLag() {
    return Duration.ofNanos(maxLagNanos.get());
  }

  Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }
}
