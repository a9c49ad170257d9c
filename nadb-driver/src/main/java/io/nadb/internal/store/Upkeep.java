package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import java.io.IOException;

/** The background work of a store's own backend, as the sync thread does it: a step at a time. */
final class Upkeep {
  private final String store;
  private final StorageBackend backend;
  private long resumesAt = Long.MAX_VALUE;

  /** Whether the backend is to be told that the store has gone to sleep. */
  private boolean dozing;

  Upkeep(String store, StorageBackend backend) {
    this.store = store;
    this.backend = backend;
  }

  /** Does a step; returns whether there is more, or less time than was planned with. */
  boolean step(boolean idle) {
    long next = maintain(dozing ? Load.ASLEEP : idle ? Load.IDLE : Load.BUSY);
    dozing = false;
    if (next == StorageBackend.AT_ONCE) {
      return true;
    }
    boolean sooner = next < resumesAt;
    resumesAt = next;
    return sooner;
  }

  private long maintain(Load load) {
    try {
      return backend.maintain(load);
    } catch (IOException | InternalError e) {
      throw new NadbException("store " + store + ": maintenance failed: " + Reason.of(e), e);
    }
  }

  /** When it wants to go on, if it rests. */
  long resumesAt() {
    return resumesAt;
  }

  /** Has what is kept for writes let go of in the next step. */
  void rest() {
    dozing = true;
  }
}
