package io.nadb.internal.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.SyncStatus;
import io.nadb.TimeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The background work of a registry: runs each task when it is due or when somebody wakes it.
 *
 * <p>One thread, the worker, does all of it. It exists while there is a task. While there are
 * several, a second one stands by, which becomes the worker when that is stuck in one task:
 * whatever a task throws is counted and logged and stops no other task, and neither does one that
 * hangs. See {@link SyncThread}.
 *
 * <p>{@code lifecycle} guards who comes and goes. Nobody waits for a task, rings or joins while
 * holding it, so a task that hangs keeps nobody else from coming or going.
 */
public final class KeyValueSync {
  private final TimeSource time;
  private final String threadName;
  private final SyncFigures figures = new SyncFigures();
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final ReentrantLock lifecycle = new ReentrantLock();

  /** All that may be alive: also those that hang in a task and have been replaced. */
  @GuardedBy("lifecycle")
  private final Set<SyncThread> threads = new HashSet<>();

  /** Written under {@code lifecycle}, as is {@link #standBy}. */
  private volatile @Nullable SyncThread worker;

  private volatile @Nullable SyncThread standBy;

  /** Creates it; no thread starts before there is a task. */
  public KeyValueSync(TimeSource time, String threadName) {
    this.time = time;
    this.threadName = threadName;
  }

  /** Adds a task, which is called at once to say when it is due. */
  public void register(SyncTask task) {
    Member member = new Member(task, figures);
    lifecycle.lock();
    try {
      members.add(member);
      if (worker == null) {
        startWorker(member);
      }
    } finally {
      lifecycle.unlock();
    }
    SyncThread added = addStandBy();
    if (added != null) {
      added.ring(); // The worker may be stuck already.
    }
    wake();
  }

  /** Starts the worker; if the system has no thread left, all is as before. */
  @GuardedBy("lifecycle")
  private void startWorker(Member first) {
    try {
      SyncThread added = new SyncThread(this, figures, time, threadName);
      worker = added;
      start(added);
    } catch (Throwable e) {
      worker = null;
      members.remove(first);
      throw e;
    }
  }

  @GuardedBy("lifecycle")
  private void start(SyncThread added) {
    added.start();
    threads.removeIf(thread -> !thread.isAlive());
    threads.add(added);
  }

  /** Takes a task away; when this returns it is not running and will not run again. */
  public void deregister(SyncTask task) {
    // Before the lock, so that waiting for a task that hangs keeps nobody else from coming or
    // going.
    members.stream().filter(member -> member.isOf(task)).forEach(Member::remove);
    List<SyncThread> leaving = new ArrayList<>();
    lifecycle.lock();
    try {
      members.removeIf(member -> member.isOf(task));
      SyncThread second = standBy;
      if (members.isEmpty()) {
        worker = null;
        standBy = null;
        leaving.addAll(threads); // None is in a task: removing the tasks has waited for them.
        threads.clear();
      } else if (members.size() == 1 && second != null) {
        standBy = null;
        leaving.add(second);
      }
    } finally {
      lifecycle.unlock();
    }
    leaving.forEach(SyncThread::ring);
    leaving.forEach(SyncThread::join);
  }

  /** Has the worker look for due work now. Not to be called with a lock that a task takes. */
  public void wake() {
    SyncThread running = worker;
    if (running != null) {
      running.ring();
    }
  }

  /** Tells what the threads are doing. */
  public SyncStatus status() {
    SyncThread running = worker;
    long now = time.nanoTime();
    return new SyncStatus(
        running != null && running.isAlive(),
        members.stream().map(Member::name).toList(),
        members.stream().filter(member -> member.isStalled(now)).map(Member::name).toList(),
        figures.rounds(),
        figures.failures(),
        figures.takeovers(),
        figures.lag(),
        figures.maxLag(),
        figures.lastFailure());
  }

  String threadName() {
    return threadName;
  }

  List<Member> members() {
    return members;
  }

  @Nullable SyncThread worker() {
    return worker;
  }

  @Nullable SyncThread standBy() {
    return standBy;
  }

  boolean isWorker(SyncThread thread) {
    return worker == thread;
  }

  /** Whether a thread is the worker or the stand-by; if not, it ends. */
  boolean employs(SyncThread thread) {
    return worker == thread || standBy == thread;
  }

  /**
   * Starts a stand-by if there should be one and is none; if the system has no thread left, the
   * worker goes on without and tries again in its next round.
   *
   * @return the one that was started, or null
   */
  @Nullable SyncThread addStandBy() {
    if (standBy != null || members.size() < 2) {
      return null;
    }
    lifecycle.lock();
    try {
      if (standBy != null || members.size() < 2) {
        return null;
      }
      SyncThread added = new SyncThread(this, figures, time, threadName + "-standby");
      standBy = added;
      start(added);
      return added;
    } catch (Throwable e) {
      standBy = null;
      figures.fail(e);
      return null;
    } finally {
      lifecycle.unlock();
    }
  }

  /** Makes the stand-by the worker, if both are still what they were when it looked. */
  boolean replace(SyncThread stuck, Member in, SyncThread by) {
    lifecycle.lock();
    try {
      if (worker != stuck || standBy != by || !stuck.isAt(in)) {
        return false;
      }
      worker = by;
      standBy = null;
      figures.takeover();
      return true;
    } finally {
      lifecycle.unlock();
    }
  }

  /**
   * Lets a thread rest if it is still the worker; under the lock, since nobody rings one that was.
   */
  boolean letRest(SyncThread thread) {
    lifecycle.lock();
    try {
      if (worker != thread) {
        return false;
      }
      thread.leaveTask();
      return true;
    } finally {
      lifecycle.unlock();
    }
  }
}
