package io.nadb.internal.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A task, when it wants to run, and whether it is running.
 *
 * <p>The lock {@code running} is held while the task runs. Removing the task waits for it; a thread
 * that comes to run the task does not, since another one may hang in it.
 */
final class Member {
  /** How long a task rests that has thrown. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final SyncTask task;
  private final SyncFigures figures;
  private final ReentrantLock running = new ReentrantLock();

  private volatile boolean removed;

  @GuardedBy("running")
  private long deadline = Long.MAX_VALUE;

  /** Whether the task has thrown and is left alone until the deadline. */
  @GuardedBy("running")
  private boolean resting;

  /** When it was begun that is running; written before {@code busy} is set. */
  private volatile long begunNanos;

  private volatile boolean busy;

  Member(SyncTask task, SyncFigures figures) {
    this.task = task;
    this.figures = figures;
  }

  String name() {
    return task.name();
  }

  /** Tells the task that another thread serves the others, since it takes so long. */
  void stalled() {
    task.stalled();
  }

  boolean isOf(SyncTask other) {
    return task == other;
  }

  /** Whether the task has been at it for longer than it has the thread for. */
  boolean isStalled(long nowNanos) {
    return busy && nowNanos - begunNanos >= SyncThread.GRACE_NANOS;
  }

  /** Sees to it that the task does not run again; waits until it has ended. */
  void remove() {
    removed = true; // Before waiting, or the task might be begun again and again.
    running.lock();
    try {
      deadline = Long.MAX_VALUE;
    } finally {
      running.unlock();
    }
  }

  /**
   * Has the task do what is due, unless another thread is in it, which rings when it comes out.
   *
   * @return when to call again at the latest
   */
  long runDue(long nowNanos) {
    if (!running.tryLock()) {
      return Long.MAX_VALUE;
    }
    try {
      if (removed) {
        return Long.MAX_VALUE;
      }
      if (resting && nowNanos < deadline) {
        return deadline;
      }
      resting = false;
      if (nowNanos >= deadline) {
        figures.lag(nowNanos - deadline);
      }
      begin(nowNanos);
      try {
        deadline = task.runDue(nowNanos);
      } catch (Throwable e) {
        figures.fail(task.name(), e);
        deadline = nowNanos + PAUSE_NANOS;
        resting = true;
      }
      return deadline;
    } finally {
      busy = false;
      running.unlock();
    }
  }

  /** Has the task do a step, unless another thread is in it; returns whether there is more. */
  boolean runStep(long nowNanos) {
    if (!running.tryLock()) {
      return false;
    }
    try {
      if (removed || resting) {
        return false;
      }
      begin(nowNanos);
      return task.runStep();
    } catch (Throwable e) {
      figures.fail(task.name(), e);
      return false;
    } finally {
      busy = false;
      running.unlock();
    }
  }

  private void begin(long nowNanos) {
    begunNanos = nowNanos;
    busy = true;
  }
}
