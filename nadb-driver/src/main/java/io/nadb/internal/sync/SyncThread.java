package io.nadb.internal.sync;

import io.nadb.TimeSource;
import io.nadb.internal.report.Logbook;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A background thread of a registry: the worker, which runs the tasks, or the stand-by, which
 * watches the worker and takes its place when it is stuck in one of them.
 *
 * <p>The worker notes before each task where it goes and since when, and rings the stand-by if that
 * sleeps for good. The stand-by then looks when the grace is over, and sleeps for good again when
 * it finds the worker at rest; so both sleep while nothing happens. A worker that is no longer the
 * worker when its task returns wakes that task, which its successor has passed over, and ends.
 *
 * <p>Nothing that is thrown ends it, except that its time source fails again and again. A thread
 * that has ended all the same tells its tasks, and the next call of a user replaces it: see {@link
 * KeyValueSync#attend}.
 *
 * <p>It is a daemon, has no context class loader and inherits no thread-locals, so it pins no
 * application.
 */
final class SyncThread implements Runnable {
  /** How long the worker may be in one task before another thread serves the others. */
  static final long GRACE_NANOS = 1_000_000_000L;

  /** So often in a row it may fail to do anything, even to rest; then it ends, not to spin. */
  private static final int MAX_FAILURES = 100;

  private static final Logbook LOG = Logbook.of(KeyValueSync.class);

  private final KeyValueSync sync;
  private final SyncFigures figures;
  private final TimeSource time;
  private final TimeSource.Alarm alarm;
  private final Thread thread;

  /** As worker: when it came to {@link #at}; written first. */
  private volatile long sinceNanos;

  /** As worker: the task that it is in or came from last, or null while it rests. */
  private volatile @Nullable Member at;

  /** As stand-by: whether it will look at the worker by itself. */
  private volatile boolean watching;

  private volatile boolean ended;

  SyncThread(KeyValueSync sync, SyncFigures figures, TimeSource time, String name) {
    this.sync = sync;
    this.figures = figures;
    this.time = time;
    this.alarm = time.newAlarm(name);
    thread = new Thread(null, this, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
  }

  /** Starts it; if the system has no thread left, it is as if it had never been. */
  void start() {
    try {
      thread.start();
    } catch (Throwable e) {
      alarm.close();
      throw e;
    }
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Whether it is the one that calls. */
  boolean isCurrent() {
    return thread == Thread.currentThread();
  }

  /** Whether it has come to its end. */
  boolean hasEnded() {
    return ended;
  }

  /** Has it look for what there is to do. */
  void ring() {
    alarm.ring();
  }

  /** Waits for its end, also if the caller is interrupted. */
  void join() {
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

  @Override
  public void run() {
    int failuresInARow = 0;
    try {
      while (failuresInARow < MAX_FAILURES && sync.employs(this)) {
        failuresInARow = turn() ? 0 : failuresInARow + 1;
      }
    } finally {
      ended = true;
      leave();
    }
  }

  /**
   * Does a round, or watches; after a failure, rests a little. Tasks catch what they throw, so that
   * was memory, or the time source.
   *
   * @return false if it could not even rest
   */
  private boolean turn() {
    try {
      if (sync.isWorker(this)) {
        round();
      } else {
        watch();
      }
      return true;
    } catch (Throwable e) {
      figures.failed(e);
    }
    try {
      rest(time.nanoTime() + GRACE_NANOS);
      return true;
    } catch (Throwable e) {
      figures.failed(e);
      return false;
    }
  }

  /** Hands over what it leaves behind. */
  private void leave() {
    try {
      Member last = at;
      if (sync.employs(this)) {
        sync.abandoned();
      } else if (last != null) {
        last.wake(); // It has a successor, which sleeps, unless there is more to do.
      }
    } finally {
      alarm.close();
    }
  }

  private void round() {
    figures.round();
    sync.addStandBy();
    Schedule schedule = sync.schedule();
    long mark = schedule.mark();
    Member due = schedule.due(time.nanoTime(), mark);
    while (due != null) {
      if (!goTo(due)) {
        return;
      }
      due.runDue(sinceNanos);
      due = schedule.due(time.nanoTime(), mark);
    }
    Member stepper = schedule.stepper();
    if (stepper != null) {
      if (goTo(stepper)) {
        stepper.runStep(sinceNanos);
      }
    } else if (sync.letRest(this)) {
      rest(schedule.next());
    }
  }

  /** Notes where it goes, so that it is watched; returns whether it is still the one to go. */
  private boolean goTo(Member member) {
    sinceNanos = time.nanoTime();
    at = member;
    SyncThread standBy = sync.standBy();
    if (standBy != null && !standBy.watching) {
      standBy.ring();
    }
    return sync.isWorker(this);
  }

  /** Whether the worker is still where it was seen. */
  boolean isAt(Member member) {
    return at == member;
  }

  /** Notes that the worker is in no task, and so not to be replaced. */
  void leaveTask() {
    at = null;
  }

  /** Takes the worker's place if it is stuck; otherwise sleeps until it can be. */
  private void watch() {
    watching = false; // Before looking: a worker that sets out after the look rings.
    SyncThread worker = sync.worker();
    Member member = worker == null ? null : worker.at;
    if (worker == null || member == null) {
      rest(Long.MAX_VALUE);
      return;
    }
    watching = true;
    long deadline = worker.sinceNanos + GRACE_NANOS;
    if (time.nanoTime() - deadline < 0) {
      rest(deadline);
    } else if (sync.replace(worker, member, this)) {
      thread.setName(sync.threadName());
      LOG.log(
          Level.INFO,
          "the background work of store {0} takes long; another thread serves the other stores",
          member.name());
      member.stalled();
    }
  }

  /** Nobody has a reason to interrupt this thread; if somebody does, it looks for work. */
  private void rest(long deadline) {
    try {
      alarm.awaitUntil(deadline);
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "a sync thread was interrupted; going on");
    }
  }
}
