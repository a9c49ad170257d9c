package io.nadb.internal.store;

import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.StorageBackend;
import java.io.IOException;

/** Brings a store that is only read to where others have come by now. */
final class Refresh {
  private Refresh() {}

  static void of(String store, StorageBackend backend, WriteBuffer buffer, DurableMark durable) {
    try {
      backend.refresh(buffer::goOn);
    } catch (IOException e) {
      throw new NadbException(
          "store " + store + ": could not be refreshed, and shows what it did: " + Reason.of(e), e);
    }
    durable.advance(buffer.sequence());
  }
}
