package io.nadb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;

/** Threads that are to wait for another one to let go of a lock. */
public final class WaitingThread {
  private WaitingThread() {}

  /** Starts one, and returns when it waits. */
  public static FutureTask<Boolean> start(Runnable action) {
    FutureTask<Boolean> task = new FutureTask<>(action, true);
    Thread waiter = new Thread(task);
    waiter.start();
    while (waiter.getState() != Thread.State.WAITING) {
      assertThat(task).as("it was to wait").isNotDone();
      Thread.onSpinWait(); // Nothing tells of a lock's queue but the state of who is in it.
    }
    return task;
  }
}
