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
  private final AtomicLong replacements = new AtomicLong();
  private final AtomicLong lagNanos = new AtomicLong();
  private final AtomicLong maxLagNanos = new AtomicLong();

  /** A text, or what was thrown as long as nobody has put it into words. */
  private volatile @Nullable Object lastFailure;

  void round() {
    rounds.incrementAndGet();
  }

  void takeover() {
    takeovers.incrementAndGet();
  }

  void replacement() {
    replacements.incrementAndGet();
  }

  void lag(long nanos) {
    lagNanos.set(nanos);
    maxLagNanos.accumulateAndGet(nanos, Math::max);
  }

  /** Notes that something was thrown; allocates nothing, since there may be no memory. */
  void failed(Throwable e) {
    lastFailure = e;
    failures.incrementAndGet();
  }

  /** Says in words that a store's work has thrown: aloud if it is the first time in a row. */
  void tell(String store, Throwable e, boolean again) {
    lastFailure = store + ": " + e;
    LOG.log(
        again ? Level.DEBUG : Level.WARNING, "background work of store " + store + " failed", e);
  }

  /** What was thrown, in words; its class alone if that is all that can be said. */
  static String describe(Throwable e) {
    try {
      return e.toString();
    } catch (Throwable wordless) {
      return e.getClass().getName();
    }
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

  long replacements() {
    return replacements.get();
  }

  Duration lag() {
    return Duration.ofNanos(lagNanos.get());
  }

  Duration maxLag() {
    return Duration.ofNanos(maxLagNanos.get());
  }

  Optional<String> lastFailure() {
    Object last = lastFailure;
    return Optional.ofNullable(last)
        .map(failure -> failure instanceof Throwable e ? describe(e) : failure.toString());
  }
}
