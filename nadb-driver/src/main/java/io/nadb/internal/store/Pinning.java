package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.PinnedFiles;
import io.nadb.spi.StorageBackend;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Keeps a store's files as they are after a flush, with no other flush in between. */
final class Pinning {
  private Pinning() {}

  /** Flushes and pins; empty if there are no files. */
  static Optional<PinnedFiles> pin(
      String store, StorageBackend backend, Flusher flusher, Settlement settlement) {
    AtomicReference<@Nullable PinnedFiles> pinned = new AtomicReference<>();
    settlement.withRetry(
        () ->
            flusher.exclusively(
                () -> {
                  flusher.flush(FlushCause.EXPLICIT);
                  pinned.set(pin(store, backend));
                }));
    return Optional.ofNullable(pinned.get());
  }

  private static @Nullable PinnedFiles pin(String store, StorageBackend backend) {
    try {
      return backend.pinFiles();
    } catch (UnsupportedOperationException e) {
      return null;
    } catch (IOException e) {
      throw new NadbException(
          "store " + store + ": its files could not be kept for a backup: " + Reason.of(e), e);
    }
  }
}
