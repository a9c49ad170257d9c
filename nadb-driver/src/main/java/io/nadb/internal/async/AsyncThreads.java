package io.nadb.internal.async;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that make a store's calls for those who do not wait. There are none until they are
 * needed; how many, those who use them bound. Daemons without a context class loader that inherit
 * no thread-locals, so they pin no application.
 */
public final class AsyncThreads implements Executor, AutoCloseable {
  private final AtomicInteger count = new AtomicInteger();
  private final ExecutorService pool;

  /**
   * Starts none.
   *
   * @param store what the threads are named after
   */
  public AsyncThreads(String store) {
    this.pool =
        Executors.newCachedThreadPool(
            work -> {
              String name = "nadb-async-" + store + "-" + count.incrementAndGet();
              Thread thread = new Thread(null, work, name, 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(null);
              return thread;
            });
  }

  /**
   * Has a thread do something.
   *
   * @throws java.util.concurrent.RejectedExecutionException if this is closed
   */
  @Override
  public void execute(Runnable work) {
    pool.execute(work);
  }

  /** Takes nothing more; what is under way goes on to its end. */
  @Override
  public void close() {
    pool.shutdown();
  }
}
