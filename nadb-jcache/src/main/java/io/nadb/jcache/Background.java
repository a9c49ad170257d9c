package io.nadb.jcache;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A manager's threads: one that tells asynchronous listeners, so that they hear in order, and some
 * that load. They are daemons, made when needed, and gone when idle for ten seconds.
 */
final class Background {
  private static final int LOADERS = 4;

  private final ThreadPoolExecutor events;
  private final ThreadPoolExecutor loads;

  /** Creates threads that find classes by a loader. */
  Background(ClassLoader loader) {
    // After the end nobody is told of anything.
    events = pool("nadb-jcache-events", 1, loader, new ThreadPoolExecutor.DiscardPolicy());
    loads = pool("nadb-jcache-loads", LOADERS, loader, new ThreadPoolExecutor.AbortPolicy());
  }

  private static ThreadPoolExecutor pool(
      String name, int threads, ClassLoader loader, RejectedExecutionHandler afterEnd) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            },
            afterEnd);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  Executor events() {
    return events;
  }

  /** Loads later; throws {@link RejectedExecutionException} after the end. */
  Executor loads() {
    return loads;
  }

  /** Ends the threads once they have done what they were given. */
  void close() {
    events.shutdown();
    loads.shutdown();
  }
}
