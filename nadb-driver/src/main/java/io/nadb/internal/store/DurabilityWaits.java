package io.nadb.internal.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits until writes are durable, with a thread or without one, or until they never will be. */
final class DurabilityWaits {
  private final String store;
  private final Settlement settlement;
  private final Executor threads;
  private final Supplier<@Nullable String> closed;

  /**
   * Creates it.
   *
   * @param threads tell those who wait without a thread
   * @param closed why the store is closed; null while it is open
   */
  DurabilityWaits(
      String store, Settlement settlement, Executor threads, Supplier<@Nullable String> closed) {
    this.store = store;
    this.settlement = settlement;
    this.threads = threads;
    this.closed = closed;
  }

  /** Waits for a write; returns whether it is durable. */
  boolean await(long sequence, Duration timeout) throws InterruptedException {
    if (closed.get() != null) {
      throw closed();
    }
    boolean durable = settlement.await(sequence, timeout);
    if (!durable) {
      checkOpen(sequence);
    }
    return durable;
  }

  /** What ends when a write is durable. */
  CompletableFuture<@Nullable Void> when(long sequence) {
    if (closed.get() != null) {
      return CompletableFuture.failedFuture(closed());
    }
    return settlement
        .when(sequence, threads)
        .thenApply(
            ended -> {
              if (!settlement.isDurable(sequence)) {
                checkOpen(sequence);
              }
              return null;
            });
  }

  /** What is thrown once it is closed. */
  IllegalStateException closed() {
    return new IllegalStateException("store is closed: " + store + " (" + closed.get() + ")");
  }

  /** The write will not be durable if the store is closed. */
  private void checkOpen(long sequence) {
    String reason = closed.get();
    if (reason != null) {
      throw StoreClosing.neverDurable(store, reason, sequence);
    }
  }
}
