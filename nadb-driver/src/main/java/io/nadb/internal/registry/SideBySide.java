package io.nadb.internal.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * Actions that are run at the same time, each on a thread of its own, so that one that hangs keeps
 * none of the others from being done.
 */
final class SideBySide {
  private final String threadName;
  private final List<Runnable> actions = new ArrayList<>();

  SideBySide(String threadName) {
    this.threadName = threadName;
  }

  /** Adds an action, which throws nothing. */
  void add(Runnable action) {
    actions.add(action);
  }

  /** Runs all of them; returns when all are done, also if the caller is interrupted. */
  void run() {
    if (actions.size() == 1) {
      actions.get(0).run();
      return;
    }
    List<Thread> threads = new ArrayList<>();
    List<Runnable> rest = new ArrayList<>();
    for (Runnable action : actions) {
      Thread thread = new Thread(null, action, threadName, 0, false);
      thread.setDaemon(true);
      try {
        thread.start();
        threads.add(thread);
      } catch (OutOfMemoryError e) { // The system has no thread left: then one after another.
        rest.add(action);
      }
    }
    rest.forEach(Runnable::run);
    threads.forEach(SideBySide::join);
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
