package io.nadb.internal.log.recovery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is read of a log's segments, by whatever threads, and has it told by the one that
 * opens the log.
 */
final class LoadMeter {
  /** So much is not worth telling. */
  private static final long STEP_BYTES = 1 << 20;

  private final @Nullable LoadProgress target;
  private final Thread opener = Thread.currentThread();
  private final AtomicLong read = new AtomicLong();

  /** Completed when more has been read. */
  private volatile CompletableFuture<?> news = new CompletableFuture<>();

  /** How much has been told; the opener's own. */
  private long told;

  /**
   * Begins to count, for the calling thread.
   *
   * @param target whom to tell; null: nobody
   */
  LoadMeter(@Nullable LoadProgress target) {
    this.target = target;
  }

  /** Counts for one segment, by one thread at a time. */
  final class Part {
    private final long length;
    private long counted;

    private Part(long length) {
      this.length = length;
    }

    /** Counts all up to an offset, if that is worth it. */
    void reach(long offset) {
      if (offset - counted >= STEP_BYTES) {
        count(offset);
      }
    }

    /** Counts the rest: the segment is taken in. */
    void end() {
      count(length);
    }

    private void count(long offset) {
      add(offset - counted);
      counted = offset;
    }
  }

  /** Begins to count for a segment. */
  Part part(long length) {
    return new Part(length);
  }

  private void add(long bytes) {
    read.addAndGet(bytes);
    if (Thread.currentThread() == opener) {
      tell();
    } else {
      news.complete(null); // After it has been counted.
    }
  }

  /** Waits until something is read or has failed, and tells meanwhile; for the opener. */
  void tellUntil(CompletableFuture<?> part) {
    if (target == null) {
      return;
    }
    CompletableFuture<?> done = part.handle((value, failure) -> true);
    while (!part.isDone()) {
      CompletableFuture<?> next = new CompletableFuture<>();
      news = next;
      tell(); // After that: what is counted from here on completes it.
      CompletableFuture.anyOf(done, next).join();
    }
  }

  private void tell() {
    long now = read.get();
    if (target != null && now != told) {
      told = now;
      target.read(now);
    }
  }
}
