package io.nadb.internal.redis;

import io.nadb.TimeSource;
import java.util.concurrent.CompletableFuture;

/**
 * Ends what no timeout of a socket's ends, such as sending to a server that has stopped: by another
 * thread, which cuts the connection when the time is over.
 */
final class Watch {
  private static final String THREAD = "nadb-redis-watch";

  private Watch() {}

  /**
   * Does something.
   *
   * @param cut what makes it fail when the time is over
   */
  static void over(TimeSource time, Deadline deadline, Runnable cut, Runnable action) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread watch = new Thread(null, () -> await(time, deadline, done, cut), THREAD, 0, false);
    watch.setDaemon(true);
    watch.start();
    try {
      action.run();
    } finally {
      done.complete(true);
    }
  }

  private static void await(
      TimeSource time, Deadline deadline, CompletableFuture<Boolean> done, Runnable cut) {
    try {
      if (time.await(done, deadline.left())) {
        return;
      }
    } catch (InterruptedException e) {
      // Nobody knows of this thread; whoever stops it all the same wants an end.
    }
    cut.run();
  }
}
