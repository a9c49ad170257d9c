package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.StorageBackend;
import java.io.IOException;

/** The background work of a store's own backend, as the sync thread does it: a step at a time. */
final class Upkeep {
  private final String store;
  private final StorageBackend backend;

  Upkeep(String store, StorageBackend backend) {
    this.store = store;
    this.backend = backend;
  }

  /** Does a step; returns whether there is more. */
  boolean step(boolean idle) {
    try {
      return backend.maintain(idle);
    } catch (IOException | InternalError e) {
      throw new NadbException("store " + store + ": maintenance failed: " + Reason.of(e), e);
    }
  }

  /** When it wants to go on, if it rests. */
  long resumesAt() {
    return backend.resumesAt();
  }

  /** Lets go of what is kept for writes. */
  void rest() {
    backend.rest();
  }
}
