package io.nadb.jmx;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Brings notifications to their listeners on a thread of its own, so that no flush waits for one.
 */
final class Delivery implements Executor {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(null, task, "nadb-agent-notifications", 0, false);
            made.setDaemon(true);
            made.setContextClassLoader(null);
            return made;
          });

  private Delivery() {}

  /** Starts the thread now: made by a store's thread, it would hold on to that application. */
  static Delivery start() {
    Delivery delivery = new Delivery();
    delivery.execute(() -> {});
    return delivery;
  }

  @Override
  public void execute(Runnable command) {
    thread.execute(command);
  }
}
