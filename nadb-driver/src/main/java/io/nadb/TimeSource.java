package io.nadb;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The one place where NADB reads a clock or waits.
 *
 * <p>TTL goes by {@link #now()}, or by the clock of the server that keeps the entries; intervals
 * and timeouts go by {@link #nanoTime()}. A test's time source moves both by hand and lets the
 * production background thread run; see {@link Alarm#ring()}. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface TimeSource {

  /** Returns the machine's own time. */
  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }

  /** The wall clock. NADB uses it to the millisecond. */
  Instant now();

  /**
   * The time that a server is to take for its own, though it has a clock. Empty, as by default: all
   * who share the server go by its clock, whatever theirs show. Only a source whose time is moved
   * by hand, of which the server knows nothing, names one.
   */
  default Optional<Instant> serverTime() {
    return Optional.empty();
  }

  /** A clock that never goes back, in nanoseconds; only differences mean something. */
  long nanoTime();

  /** Creates the alarm by which one background thread waits; {@code owner} names that thread. */
  Alarm newAlarm(String owner);

  /**
   * Blocks the calling thread, which is no background thread, until {@code done} is complete (in
   * whatever way) or {@code timeout} has passed on this source's monotonic clock.
   *
   * @return whether {@code done} is complete
   * @throws InterruptedException if the thread is interrupted
   */
  boolean await(CompletableFuture<?> done, Duration timeout) throws InterruptedException;

  /** How one background thread waits for its next deadline and is woken before it. */
  interface Alarm extends AutoCloseable {

    /**
     * Called by the background thread alone: returns when {@code nanoTime() >= deadlineNanos}, or
     * at once if {@link #ring()} was called since the last return. {@link Long#MAX_VALUE} waits for
     * the ring only.
     */
    void awaitUntil(long deadlineNanos) throws InterruptedException;

    /**
     * Makes the current or next {@link #awaitUntil} return. A virtual time source returns only when
     * the background thread has done what there was to do and waits again, which makes tests
     * deterministic; so never call it while holding a lock that the background thread may need. A
     * call from the background thread itself returns at once; background threads also ring each
     * other, never in a circle.
     */
    void ring();

    /** Called by the background thread as its last action: it will not wait again. */
    @Override
    void close();
  }
}
