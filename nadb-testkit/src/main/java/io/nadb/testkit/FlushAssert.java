package io.nadb.testkit;

import io.nadb.FlushCause;
import io.nadb.StoreStats;
import java.time.Instant;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a store's latest successful flush.
 *
 * @since 0.1.0
 */
public class FlushAssert extends AbstractAssert<FlushAssert, StoreStats> {

  FlushAssert(StoreStats actual) {
    super(actual, FlushAssert.class);
  }

  private FlushAssert check(boolean holds, String expected) {
    if (!holds) {
      throw failure("%nExpecting the last flush %s, but: %s", expected, StoreText.flushes(actual));
    }
    return this;
  }

  /** Why it took place. */
  public FlushAssert wasCausedBy(FlushCause cause) {
    return check(actual.lastFlushCause().filter(cause::equals).isPresent(), "caused by " + cause);
  }

  /** When it ended. */
  public FlushAssert happenedAt(Instant time) {
    return check(actual.lastFlushTime().filter(time::equals).isPresent(), "at " + time);
  }
}
