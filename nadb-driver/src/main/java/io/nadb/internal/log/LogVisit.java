package io.nadb.internal.log;

import io.nadb.internal.log.segment.SegmentSet;

/** Somebody who has come in by the gate of a log, and leaves by it. */
record LogVisit(SegmentSet state, int ticket) implements AutoCloseable {

  @Override
  public void close() {
    state.gate().exit(ticket);
  }
}
