package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.CompactionFigures;
import io.nadb.spi.CompactionRequest;
import io.nadb.spi.PinnedFiles;
import io.nadb.spi.StorageBackend;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store's owner may have done with its files: kept as they are, or compacted. */
final class LocationFiles {
  private final String store;
  private final StorageBackend backend;
  private final Flusher flusher;
  private final Settlement settlement;
  private final Runnable wake;

  LocationFiles(
      String store, StorageBackend backend, Flusher flusher, Settlement settlement, Runnable wake) {
    this.store = store;
    this.backend = backend;
    this.flusher = flusher;
    this.settlement = settlement;
    this.wake = wake;
  }

  /** Something that is done to a backend between two flushes. */
  private interface Action<T> {
    T run() throws IOException;
  }

  /** Flushes, and keeps the files as they are then. */
  PinnedFiles pin() {
    if (!backend.hasFiles()) {
      throw Capabilities.noFiles(store);
    }
    return flushed(backend::pinFiles, "its files could not be kept for a backup");
  }

  /**
   * Flushes, has the sync thread compact, and waits for that.
   *
   * @param progress is told at the beginning, whenever it has come on, and at the end
   */
  CompactionFigures compact(Consumer<CompactionFigures> progress) throws InterruptedException {
    if (backend.isReadOnly()) {
      throw Capabilities.readOnly(store);
    }
    if (!backend.hasFiles()) {
      throw Capabilities.noFiles(store);
    }
    try (CompactionRequest request = flushed(backend::compact, "compaction could not be begun")) {
      progress.accept(request.figures());
      wake.run();
      while (!request.await()) {
        if (request.wantsSync()) {
          settlement.withRetry(() -> flusher.flush(FlushCause.EXPLICIT));
          wake.run();
        }
        progress.accept(request.figures());
      }
      progress.accept(request.figures());
      return request.figures();
    } catch (IOException e) {
      throw failed("compaction failed; what has been compacted stays so, and nothing is lost", e);
    }
  }

  /** Flushes, and does something with no other flush in between. */
  private <T> T flushed(Action<T> action, String otherwise) {
    AtomicReference<@Nullable T> result = new AtomicReference<>();
    settlement.withRetry(
        () ->
            flusher.exclusively(
                () -> {
                  flusher.flush(FlushCause.EXPLICIT);
                  try {
                    result.set(action.run());
                  } catch (IOException e) {
                    throw failed(otherwise, e);
                  }
                }));
    return Objects.requireNonNull(result.get());
  }

  private NadbException failed(String what, IOException e) {
    return new NadbException("store " + store + ": " + what + ": " + Reason.of(e), e);
  }
}
