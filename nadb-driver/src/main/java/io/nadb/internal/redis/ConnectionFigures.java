package io.nadb.internal.redis;

import java.util.concurrent.atomic.LongAdder;

/** What is counted of a store's connections to its servers. */
final class ConnectionFigures {
  private final LongAdder waits = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder made = new LongAdder();

  /** Counts a call that has to wait for a connection. */
  void waited() {
    waits.increment();
  }

  /** Counts a call that had no connection, or no answer, in time. */
  void timedOut() {
    timeouts.increment();
  }

  /** Counts a new connection. */
  void connected() {
    made.increment();
  }

  long waits() {
    return waits.sum();
  }

  long timeouts() {
    return timeouts.sum();
  }

  /** How many connections have been made so far. */
  long made() {
    return made.sum();
  }
}
