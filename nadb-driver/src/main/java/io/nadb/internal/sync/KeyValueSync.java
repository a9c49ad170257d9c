package io.nadb.internal.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.SyncStatus;
import io.nadb.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one background thread of a registry: runs each task when it is due or when somebody wakes it.
 *
 * <p>The thread exists while there is a task. It is a daemon, has no context class loader and
 * inherits no thread-locals, so it pins no application. Whatever a task throws is counted and
 * logged and stops no other task. {@code lifecycle} guards start and end; each member's {@code
 * running} lock is held while its task runs, so that removing it waits for it.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // figures that only the worker thread updates
public final class KeyValueSync {
  /** How long a task rests that has thrown. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private static final System.Logger LOG = System.getLogger(KeyValueSync.class.getName());

  private final TimeSource time;
  private final String threadName;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final ReentrantLock lifecycle = new ReentrantLock();

  @GuardedBy("lifecycle")
  private @Nullable Worker worker;

  private volatile @Nullable Worker current;
  private volatile long rounds;
  private volatile long failures;
  private volatile long lagNanos;
  private volatile long maxLagNanos;
  private volatile @Nullable String lastFailure;

  /** Creates it; no thread starts before there is a task. */
  public KeyValueSync(TimeSource time, String threadName) {
    this.time = time;
    this.threadName = threadName;
  }

  /** Adds a task, which is called at once to say when it is due. */
  public void register(SyncTask task) {
    lifecycle.lock();
    try {
      Worker running = worker;
      if (running == null) {
        running = new Worker(time.newAlarm(threadName));
        members.add(new Member(task));
        start(running);
      } else {
        members.add(new Member(task));
      }
      running.alarm.ring();
    } finally {
      lifecycle.unlock();
    }
  }

  /** Starts the thread; if the system has none left, all is as before. */
  @GuardedBy("lifecycle")
  private void start(Worker added) {
    try {
      added.thread.start();
      worker = added;
      current = added;
    } catch (Throwable e) {
      members.clear();
      added.alarm.close();
      throw e;
    }
  }

  /** Takes a task away; when this returns it is not running and will not run again. */
  public void deregister(SyncTask task) {
    // Before the lock, so that waiting for a task that hangs keeps nobody else from coming or
    // going.
    members.stream().filter(member -> member.task == task).forEach(Member::remove);
    lifecycle.lock();
    try {
      members.removeIf(member -> member.task == task);
      Worker running = worker;
      if (members.isEmpty() && running != null) {
        worker = null;
        current = null;
        running.end();
      }
    } finally {
      lifecycle.unlock();
    }
  }

  /** Has the thread look for due work now. Not to be called with a lock that a task takes. */
  public void wake() {
    Worker running = current;
    if (running != null) {
      running.alarm.ring();
    }
  }

  /** Tells what the thread is doing. */
  public SyncStatus status() {
    Worker running = current;
    return new SyncStatus(
        running != null && running.thread.isAlive(),
        members.stream().map(member -> member.task.name()).toList(),
        rounds,
        failures,
        Duration.ofNanos(lagNanos),
        Duration.ofNanos(maxLagNanos),
        Optional.ofNullable(lastFailure));
  }

  /** A task and when it wants to run. */
  private final class Member {
    final SyncTask task;
    private final ReentrantLock running = new ReentrantLock();

    @GuardedBy("running")
    private boolean removed;

    @GuardedBy("running")
    private long deadline = Long.MAX_VALUE;

    /** Whether the task has thrown and is left alone until the deadline. */
    @GuardedBy("running")
    private boolean resting;

    Member(SyncTask task) {
      this.task = task;
    }

    void remove() {
      running.lock();
      try {
        removed = true;
      } finally {
        running.unlock();
      }
    }

    long runDue() {
      running.lock();
      try {
        if (removed) {
          return Long.MAX_VALUE;
        }
        long now = time.nanoTime();
        if (resting && now < deadline) {
          return deadline;
        }
        resting = false;
        if (now >= deadline) {
          lagNanos = now - deadline;
          maxLagNanos = Math.max(maxLagNanos, lagNanos);
        }
        try {
          deadline = task.runDue(now);
        } catch (Throwable e) {
          fail(task, e);
          deadline = now + PAUSE_NANOS;
          resting = true;
        }
        return deadline;
      } finally {
        running.unlock();
      }
    }

    boolean runStep() {
      running.lock();
      try {
        return !removed && !resting && task.runStep();
      } catch (Throwable e) {
        fail(task, e);
        return false;
      } finally {
        running.unlock();
      }
    }
  }

  private void fail(SyncTask task, Throwable e) {
    failures++;
    lastFailure = task.name() + ": " + e;
    LOG.log(Level.WARNING, "background work of store " + task.name() + " failed", e);
  }

  /** The thread's life, from the first task to the last. */
  private final class Worker implements Runnable {
    final TimeSource.Alarm alarm;
    final Thread thread;
    private volatile boolean ended;

    Worker(TimeSource.Alarm alarm) {
      this.alarm = alarm;
      thread = new Thread(null, this, threadName, 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
    }

    @Override
    public void run() {
      try (alarm) {
        while (!ended) {
          try {
            round();
          } catch (Throwable e) { // Out of memory in the midst of it: the next round may succeed.
            failures++;
            lastFailure = String.valueOf(e);
          }
        }
      }
    }

    private void round() {
      rounds++;
      long next = Long.MAX_VALUE;
      for (Member member : members) {
        next = Math.min(next, member.runDue());
      }
      boolean more = false;
      for (Member member : members) {
        more |= member.runStep();
      }
      if (!more && !ended) {
        rest(next);
      }
    }

    /** Nobody has a reason to interrupt this thread; if somebody does, it looks for work. */
    private void rest(long deadline) {
      try {
        alarm.awaitUntil(deadline);
      } catch (InterruptedException e) {
        LOG.log(Level.DEBUG, "the sync thread was interrupted; going on");
      }
    }

    void end() {
      ended = true;
      alarm.ring();
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
}
