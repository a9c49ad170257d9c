package io.nadb.internal.store;

import io.nadb.FlushCause;
import io.nadb.NadbException;
import io.nadb.internal.async.AsyncCalls;
import io.nadb.internal.failure.Reason;
import io.nadb.internal.sync.Member;
import io.nadb.internal.watch.StoreProbe;
import io.nadb.spi.StorageBackend;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a store: it takes no more writes, what is buffered is flushed, and whatever comes of that,
 * all that the store holds is let go.
 */
final class StoreClosing {
  private final String store;
  private final WriteBuffer buffer;
  private final Flusher flusher;
  private final StorageBackend backend;
  private final StoreProbe probe;
  private final Member background;
  private final RemovalListeners removals;
  private final Snapshots snapshots;

  StoreClosing(
      String store,
      WriteBuffer buffer,
      Flusher flusher,
      StorageBackend backend,
      StoreProbe probe,
      Member background,
      RemovalListeners removals,
      Snapshots snapshots) {
    this.store = store;
    this.buffer = buffer;
    this.flusher = flusher;
    this.backend = backend;
    this.probe = probe;
    this.background = background;
    this.removals = removals;
    this.snapshots = snapshots;
  }

  /**
   * Ends it.
   *
   * @param flushes whether what is buffered is to be kept
   * @param closed is given the reason when nobody may read any more
   * @param async ends last
   * @throws NadbException if any of that fails
   */
  void end(String reason, boolean flushes, Consumer<String> closed, AsyncCalls async) {
    try {
      end(reason, flushes, closed);
    } finally {
      async.close();
    }
  }

  private void end(String reason, boolean flushes, Consumer<String> closed) {
    buffer.close(reason);
    background.leave();
    NadbException failure = null;
    try {
      failure = flushes ? lastFlush() : null;
    } finally {
      try {
        removals.end(flushes);
      } finally {
        closed.accept(reason);
        failure = release(reason, failure);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Says of a write that somebody waits for that it was lost by closing. */
  static IllegalStateException neverDurable(String store, String reason, long sequence) {
    return new IllegalStateException(
        "store is closed: "
            + store
            + " ("
            + reason
            + "), and the write with sequence number "
            + sequence
            + " was not durable by then");
  }

  private @Nullable NadbException release(String reason, @Nullable NadbException before) {
    NadbException failure = before;
    try {
      flusher.close(() -> closeBackend(reason));
    } catch (NadbException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    } finally {
      flusher.durable().release();
      probe.closed();
    }
    return failure;
  }

  private @Nullable NadbException lastFlush() {
    try {
      flusher.flush(FlushCause.CLOSE);
      return null;
    } catch (NadbException e) {
      BufferUsage left = BufferUsage.of(buffer.layers());
      long durable = flusher.durable().sequence();
      return new NadbException(
          "store "
              + store
              + " is closed, but its last flush failed: "
              + flusher
                  .keptInJournal()
                  .map(spool -> left.keptAfter(durable, spool))
                  .orElseGet(() -> left.lostAfter(durable))
              + Reason.of(Objects.requireNonNullElse(e.getCause(), e)),
          e.getCause());
    }
  }

  private void closeBackend(String reason) {
    try (backend) {
      snapshots.end(reason);
    } catch (IOException | RuntimeException | InternalError e) {
      throw new NadbException("store " + store + ": closing failed: " + Reason.of(e), e);
    }
  }
}
