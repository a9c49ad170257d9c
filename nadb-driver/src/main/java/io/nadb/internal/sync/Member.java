package io.nadb.internal.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A task that takes part in the background work: when it wants to run, and whether it is running.
 *
 * <p>The lock {@code running} is held while the task runs. Taking the task away waits for it; a
 * thread that comes to run the task does not, since another one may hang in it.
 *
 * <p>Whatever a task throws is caught without allocating: only a reference is kept, and it is told
 * of once the task is back in the schedule.
 */
public final class Member {
  /** How long a task rests that has thrown. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final KeyValueSync sync;
  private final Schedule schedule;
  private final SyncTask task;
  private final SyncFigures figures;
  private final ReentrantLock running = new ReentrantLock();

  // The schedule's notes, under its monitor.

  /** Where it is in the heap; -1 if it is not in there. */
  int place = -1;

  long due = Long.MAX_VALUE;
  long ticket;
  boolean stepping;
  @Nullable Member nextStepper;

  /** Whether somebody has woken it since it last began; read without the monitor, too. */
  volatile boolean woken;

  private volatile boolean removed;

  /** When it said it wants to be called at the latest, whoever may wake it before. */
  @GuardedBy("running")
  private long deadline = Long.MAX_VALUE;

  /** Whether the task has thrown and is left alone until the deadline. */
  @GuardedBy("running")
  private boolean resting;

  /** Whether it has looked for what is due and not done a step since. */
  @GuardedBy("running")
  private boolean hasLooked;

  /** When it was begun that is running; written before {@code busy} is set. */
  private volatile long begunNanos;

  private volatile boolean busy;

  /** Whether a thread has come and found another one in the task. */
  private volatile boolean passedOver;

  /** What its latest turn threw; null if that went well. */
  private volatile @Nullable Throwable failure;

  /** What has not been told of yet. */
  private volatile @Nullable Throwable untold;

  /** Whether this is not the first failure in a row. */
  private volatile boolean toldBefore;

  Member(KeyValueSync sync, Schedule schedule, SyncTask task, SyncFigures figures) {
    this.sync = sync;
    this.schedule = schedule;
    this.task = task;
    this.figures = figures;
  }

  /**
   * Has the background thread call the task now; replaces that thread if it has died. Not to be
   * called with a lock that the task takes.
   */
  public void wake() {
    if (!woken) {
      schedule.wake(this, sync.nanoTime());
    }
    sync.ring();
  }

  /** Replaces the background thread if it has died; costs next to nothing if it has not. */
  public void attend() {
    sync.attend();
  }

  /**
   * Has the task take part: it is called at once, by a thread that sees all that was done before.
   */
  public void join() {
    sync.admit(this);
  }

  /** Takes the task away; when this returns it is not running and will not run again. */
  public void leave() {
    sync.dismiss(this);
  }

  /**
   * Takes the task away, without waiting for a call of it that is under way; there is no other one.
   * For tasks that do what users say, and so may take long, or be what calls this.
   */
  public void abandon() {
    removed = true;
    if (!running.isHeldByCurrentThread() && running.tryLock()) {
      running.unlock();
      sync.dismiss(this);
    } else {
      sync.abandon(this);
    }
  }

  /** Tells why the task is not done as it should be; null if it is. */
  public @Nullable String trouble() {
    if (sync.isDead()) {
      return "the background thread has died" + sync.causeOfDeath() + "; the next call replaces it";
    }
    Throwable thrown = failure;
    return thrown == null ? null : "background work failed: " + SyncFigures.describe(thrown);
  }

  String name() {
    return task.name();
  }

  /** Tells the task that another thread serves the others, since it takes so long. */
  void stalled() {
    task.stalled();
  }

  /** Tells the task that nobody is there who would call it as it has asked for. */
  void unattended() {
    task.unattended();
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

  /** Has the task do what is due, unless another thread is in it, which wakes it afterwards. */
  void runDue(long nowNanos) {
    schedule.begin(this);
    if (!enter()) {
      return;
    }
    long next = nowNanos + PAUSE_NANOS; // If it is left by a throw.
    boolean looked = false;
    try {
      next = lookHeld(nowNanos);
      looked = hasLooked;
    } finally {
      busy = false;
      running.unlock();
      schedule.end(this, next);
    }
    if (looked) {
      schedule.addStepper(this);
    }
    comeBack();
  }

  /** Has the task do a step, unless another thread is in it, which wakes it afterwards. */
  void runStep(long nowNanos) {
    schedule.endTurn(this);
    if (!enter()) {
      return;
    }
    boolean more = false;
    long next = nowNanos + PAUSE_NANOS;
    boolean looked = false;
    try {
      looked = hasLooked;
      if (!looked) {
        schedule.begin(this);
        next = lookHeld(nowNanos);
      }
      hasLooked = false;
      more = stepHeld(nowNanos);
    } finally {
      busy = false;
      running.unlock();
      if (!looked) {
        schedule.end(this, next);
      }
    }
    if (more) {
      schedule.addStepper(this);
    } else if (failure != null) {
      schedule.wakeBy(this, nowNanos + PAUSE_NANOS);
    }
    comeBack();
  }

  /** Comes in, unless another thread is in the task; that one is left to see to what is to do. */
  private boolean enter() {
    passedOver = true; // Before trying: who lets go of the lock looks at it afterwards.
    if (!running.tryLock()) {
      return false;
    }
    passedOver = false;
    return true;
  }

  private void comeBack() {
    if (passedOver) {
      wake();
    }
    tell();
  }

  /** Does what is due; returns when to call again at the latest. */
  @GuardedBy("running")
  private long lookHeld(long nowNanos) {
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
    begunNanos = nowNanos;
    busy = true;
    try {
      deadline = task.runDue(nowNanos);
      hasLooked = true;
    } catch (Throwable e) {
      failed(e);
      deadline = nowNanos + PAUSE_NANOS;
      resting = true;
    }
    return deadline;
  }

  /** Does a step; returns whether there is more. */
  @GuardedBy("running")
  private boolean stepHeld(long nowNanos) {
    if (removed || resting) {
      return false;
    }
    begunNanos = nowNanos;
    busy = true;
    try {
      boolean more = task.runStep();
      failure = null;
      toldBefore = false;
      return more;
    } catch (Throwable e) {
      failed(e);
      return false;
    }
  }

  /** Notes what was thrown, and no more: there may be no memory and no stack left. */
  private void failed(Throwable e) {
    failure = e;
    untold = e;
    figures.failed(e);
  }

  /** Says what was thrown; if that fails too, the figures have it, and the next turn says it. */
  @SuppressWarnings("EmptyCatch")
  private void tell() {
    Throwable thrown = untold;
    if (thrown == null) {
      return;
    }
    try {
      figures.tell(task.name(), thrown, toldBefore);
      toldBefore = true;
      untold = null;
    } catch (Throwable e) {
      // The figures know what was thrown first, which is worth more than this.
    }
  }
}
