package io.nadb.internal.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.SyncStatus;
import io.nadb.TimeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The background work of a registry: runs each task when it is due or when somebody wakes it.
 *
 * <p>One thread, the worker, does all of it. It exists while there is a task. While there are
 * several, a second one stands by, which becomes the worker when that is stuck in one task:
 * whatever a task throws is counted and logged and stops no other task, and neither does one that
 * hangs. See {@link SyncThread}. Tasks that are not due cost nothing, however many they are: see
 * {@link Schedule}.
 *
 * <p>{@code lifecycle} guards who comes and goes. Nobody waits for a task, rings or joins while
 * holding it, so a task that hangs keeps nobody else from coming or going.
 */
public final class KeyValueSync {
  private final TimeSource time;
  private final String threadName;
  private final SyncFigures figures = new SyncFigures();
  private final Schedule schedule = new Schedule();
  private final ReentrantLock lifecycle = new ReentrantLock();

  /** In the order of their coming. */
  @GuardedBy("lifecycle")
  private final Set<Member> members = new LinkedHashSet<>();

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

  /** Makes a task a member, which takes part once it has joined. */
  public Member member(SyncTask task) {
    return new Member(this, schedule, task, figures);
  }

  /** Has a task take part: it is called at once to say when it is due. */
  void admit(Member member) {
    attend();
    lifecycle.lock();
    try {
      members.add(member);
      try {
        schedule.add(member, time.nanoTime());
        if (worker == null) {
          startWorker();
        }
      } catch (Throwable e) { // The system has no thread left, say: all is as before.
        members.remove(member);
        schedule.remove(member);
        throw e;
      }
    } finally {
      lifecycle.unlock();
    }
    SyncThread added = addStandBy();
    if (added != null) {
      added.ring(); // The worker may be stuck already.
    }
    ring(); // It is due already, and may have been called: waking it would call it twice.
  }

  /** Starts a worker in place of the one there is, if any, which stays if that fails. */
  @GuardedBy("lifecycle")
  private SyncThread startWorker() {
    SyncThread before = worker;
    try {
      SyncThread added = new SyncThread(this, figures, time, threadName);
      worker = added;
      start(added);
      return added;
    } catch (Throwable e) {
      worker = before;
      throw e;
    }
  }

  @GuardedBy("lifecycle")
  private void start(SyncThread added) {
    threads.add(added);
    try {
      added.start();
    } catch (Throwable e) {
      threads.remove(added);
      throw e;
    }
    threads.removeIf(thread -> !thread.isAlive());
  }

  /** Takes a task away; when this returns it is not running and will not run again. */
  void dismiss(Member member) {
    // Before the lock, so that waiting for a task that hangs keeps nobody else from coming or
    // going.
    member.remove();
    List<SyncThread> leaving = new ArrayList<>();
    lifecycle.lock();
    try {
      if (!members.remove(member)) {
        return;
      }
      schedule.remove(member);
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

  /**
   * Takes a task away in which a thread may be. Nobody waits for that thread: it is given up, and
   * ends when it comes back.
   */
  void abandon(Member member) {
    List<SyncThread> leaving = new ArrayList<>();
    lifecycle.lock();
    try {
      if (!members.remove(member)) {
        return;
      }
      schedule.remove(member);
      threads.removeIf(thread -> thread.isAt(member));
      SyncThread first = worker;
      SyncThread second = standBy;
      if (members.size() < 2 && second != null) {
        standBy = null;
        leaving.add(second);
      }
      if (members.isEmpty()) {
        worker = null;
        leaving.addAll(threads);
        threads.clear();
      } else if (first != null && first.isAt(member)) {
        startWorker();
      }
    } finally {
      lifecycle.unlock();
    }
    leaving.forEach(SyncThread::ring);
  }

  /** Whether the caller is one of these threads, in a task that has not been abandoned. */
  public boolean isOwnThread() {
    lifecycle.lock();
    try {
      return threads.stream().anyMatch(SyncThread::isCurrent);
    } finally {
      lifecycle.unlock();
    }
  }

  /** Has the worker look at the schedule. */
  void ring() {
    SyncThread running = worker;
    if (running != null) {
      if (running.hasEnded()) {
        attend();
      } else {
        running.ring();
      }
    }
  }

  /**
   * Replaces threads that have ended although there is work for them. If the system has no thread
   * left, it stays as it is, and the next call tries again.
   */
  void attend() {
    SyncThread first = worker;
    SyncThread second = standBy;
    if (first != null && (first.hasEnded() || (second != null && second.hasEnded()))) {
      SyncThread added = replaceEnded();
      SyncThread addedSecond = addStandBy();
      if (added != null) {
        added.ring();
      }
      if (addedSecond != null) {
        addedSecond.ring();
      }
    }
  }

  private @Nullable SyncThread replaceEnded() {
    lifecycle.lock();
    try {
      SyncThread second = standBy;
      if (second != null && second.hasEnded()) {
        standBy = null;
        figures.replacement();
      }
      SyncThread first = worker;
      if (first == null || !first.hasEnded()) {
        return null;
      }
      schedule.wakeAll(time.nanoTime()); // First: what it was about to do must not be lost.
      SyncThread added = startWorker();
      figures.replacement();
      return added;
    } catch (Throwable e) {
      figures.failed(e);
      return null;
    } finally {
      lifecycle.unlock();
    }
  }

  /** Tells the tasks that their thread ends, and no other one is there. */
  void abandoned() {
    schedule.forEach(Member::unattended);
  }

  /** Whether the thread has ended although there is work for it. */
  boolean isDead() {
    SyncThread running = worker;
    return running != null && running.hasEnded();
  }

  /** Why it has, for a sentence; nothing if nobody knows. */
  String causeOfDeath() {
    return figures.lastFailure().map(failure -> " (" + failure + ")").orElse("");
  }

  /** Tells what the threads are doing; one that has died is replaced afterwards. */
  public SyncStatus status() {
    SyncThread running = worker;
    long now = time.nanoTime();
    List<Member> present;
    lifecycle.lock();
    try {
      present = List.copyOf(members);
    } finally {
      lifecycle.unlock();
    }
    SyncStatus status =
        SyncStatus.builder()
            .running(running != null && !running.hasEnded())
            .stores(present.stream().map(Member::name).toList())
            .stalled(
                present.stream().filter(member -> member.isStalled(now)).map(Member::name).toList())
            .rounds(figures.rounds())
            .failures(figures.failures())
            .takeovers(figures.takeovers())
            .replacements(figures.replacements())
            .lag(figures.lag())
            .maxLag(figures.maxLag())
            .lastFailure(figures.lastFailure())
            .build();
    attend();
    return status;
  }

  String threadName() {
    return threadName;
  }

  long nanoTime() {
    return time.nanoTime();
  }

  Schedule schedule() {
    return schedule;
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
    if (standBy != null || schedule.size() < 2) {
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
      figures.failed(e);
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
