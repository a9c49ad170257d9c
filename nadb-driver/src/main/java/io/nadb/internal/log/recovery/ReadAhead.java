package io.nadb.internal.log.recovery;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Reads the parts of something in order, some of them ahead of time in threads of its own: one more
 * than there are threads, so that none of these has to wait for whoever takes the parts.
 *
 * <p>For one thread, whose interruption ends nothing here.
 *
 * @param <T> a part
 */
final class ReadAhead<T> implements AutoCloseable {
  private final int count;
  private final Source<T> source;
  private final Consumer<T> discard;
  private final int threadCount;
  private final ExecutorService threads;
  private final Deque<CompletableFuture<T>> ahead = new ArrayDeque<>();
  private int begun;

  /**
   * Makes a reader.
   *
   * @param count how many parts there are
   * @param threads how many of them are read at a time; with 1, the caller reads them
   * @param source reads a part, in whatever thread
   * @param discard takes the parts that were read but not asked for
   */
  ReadAhead(int count, int threads, Source<T> source, Consumer<T> discard) {
    this.count = count;
    this.threadCount = threads;
    this.threads = Executors.newFixedThreadPool(threads, ReadAhead::thread);
    this.source = source;
    this.discard = discard;
  }

  /** Reads parts. */
  interface Source<T> {
    T read(int number) throws IOException;
  }

  /** Returns the next part. */
  T next() throws IOException {
    return next(part -> {});
  }

  /**
   * Returns the next part.
   *
   * @param waiting is given what is completed when the part is read by another thread, before that
   *     is waited for
   */
  T next(Consumer<CompletableFuture<T>> waiting) throws IOException {
    if (threadCount == 1) {
      return source.read(begun++);
    }
    while (begun < count && ahead.size() <= threadCount) {
      ahead.add(begin(begun++));
    }
    waiting.accept(ahead.element()); // If that fails, it is still to be discarded.
    try {
      return ahead.remove().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IOException("reading failed: " + e.getCause(), e.getCause());
    }
  }

  private CompletableFuture<T> begin(int number) {
    CompletableFuture<T> part = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            part.complete(source.read(number));
          } catch (Throwable e) {
            part.completeExceptionally(e);
          }
        });
    return part;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(null, task, "nadb-open", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Ends the threads, and discards what they read for nobody. */
  @Override
  public void close() {
    threads.shutdown();
    for (CompletableFuture<T> part : ahead) {
      part.thenAccept(discard).exceptionally(failure -> null).join();
    }
  }
}
