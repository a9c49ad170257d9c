package io.nadb.internal.async;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import io.nadb.internal.failure.Reason;
import io.nadb.spi.Commit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a store that nobody waits for and that have not been made: each is made as soon as
 * those before it on the same entry have been, by a thread of its lane.
 *
 * <p>A thread of a lane makes calls as long as there are any, then goes. Between making calls and
 * completing their stages, it lets those go that came after them.
 */
public final class CallQueue {
  private final String store;
  private final Executor threads;

  @GuardedBy("this")
  private final Lane entries;

  @GuardedBy("this")
  private final Lane tasks;

  @GuardedBy("this")
  private final CallOrder order = new CallOrder();

  @GuardedBy("this")
  private long added;

  /** What calls get once the store is closed; null while it is open. */
  @GuardedBy("this")
  private @Nullable Supplier<RuntimeException> closed;

  /** How many calls have been added and not been made; written under the monitor. */
  private volatile int waiting;

  /**
   * Begins with no call.
   *
   * @param entries makes calls about single entries
   * @param tasks makes the others
   */
  public CallQueue(String store, Executor threads, Lane entries, Lane tasks) {
    this.store = store;
    this.threads = threads;
    this.entries = entries;
    this.tasks = tasks;
  }

  /** Whether a call on these entries has none to wait for; those of other threads may come. */
  boolean isFree(Collection<Commit.Name> names) {
    if (waiting == 0) {
      return true;
    }
    synchronized (this) {
      return order.isFree(names);
    }
  }

  /** Adds a call, to be made when those before it on the same entries have been. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the monitor is held
  void add(Call<?> call) {
    Supplier<RuntimeException> reason;
    Lane lane = null;
    synchronized (this) {
      reason = closed;
      if (reason == null) {
        call.hold();
        call.number = added++;
        waiting++;
        if (order.add(call)) {
          lane = ready(call);
        }
      }
    }
    if (reason != null) {
      call.failed(reason.get());
    } else if (lane != null) {
      start(lane);
    }
  }

  /** Returns its lane if that is to get another thread. */
  @GuardedBy("this")
  private @Nullable Lane ready(Call<?> call) {
    Lane lane = call.isTask() ? tasks : entries;
    lane.ready.add(call);
    if (!lane.wantsWorker()) {
      return null;
    }
    lane.workers++;
    return lane;
  }

  private void start(Lane lane) {
    try {
      threads.execute(() -> work(lane));
    } catch (RuntimeException | Error e) { // No thread is to be had, or the store is closed.
      List<Call<?>> left = new ArrayList<>();
      Supplier<RuntimeException> reason;
      synchronized (this) {
        reason = closed;
        if (--lane.workers == 0) {
          left.addAll(lane.ready);
          lane.ready.clear();
        }
      }
      refuse(left, reason == null ? noThread(e) : reason.get());
    }
  }

  private NadbException noThread(Throwable e) {
    return new NadbException(
        "store "
            + store
            + ": no thread to make an asynchronous call; nothing was done: "
            + Reason.of(e),
        e);
  }

  private void work(Lane lane) {
    boolean done = false;
    try {
      makeAll(lane);
      done = true;
    } finally {
      if (!done) { // It ends by what was thrown, and another one goes on.
        leave(lane);
      }
    }
  }

  private void leave(Lane lane) {
    boolean wanted;
    synchronized (this) {
      lane.workers--;
      wanted = lane.wantsWorker();
      lane.workers += wanted ? 1 : 0;
    }
    if (wanted) {
      start(lane);
    }
  }

  private void makeAll(Lane lane) {
    while (true) {
      List<Call<?>> batch;
      Supplier<RuntimeException> reason;
      long begin;
      synchronized (this) {
        batch = lane.take();
        reason = closed;
        begin = added;
        if (batch.isEmpty()) {
          lane.workers--;
          return;
        }
      }
      RuntimeException hung = null;
      if (reason == null) {
        hung = make(lane, batch);
        release(batch);
        lane.maker().afterwards();
      } else {
        refuse(batch, reason.get());
      }
      if (hung != null) {
        List<Call<?>> late;
        synchronized (this) {
          late = lane.takeBefore(begin);
        }
        refuse(late, hung);
      }
    }
  }

  private static @Nullable RuntimeException make(Lane lane, List<Call<?>> batch) {
    try {
      return lane.maker().make(batch);
    } catch (Throwable e) { // The thread goes on: others wait for it.
      batch.forEach(call -> call.failed(e));
      return null;
    }
  }

  private void refuse(List<Call<?>> calls, RuntimeException failure) {
    calls.forEach(call -> call.failed(failure));
    release(calls);
  }

  /** Lets those go that waited for these, then tells what has come of these. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the monitor is held
  private void release(List<Call<?>> made) {
    List<Lane> wanted = new ArrayList<>();
    List<Call<?>> free = new ArrayList<>();
    synchronized (this) {
      for (Call<?> call : made) {
        order.remove(call, free);
      }
      waiting -= made.size();
      for (Call<?> call : free) {
        Lane lane = ready(call);
        if (lane != null) {
          wanted.add(lane);
        }
      }
    }
    wanted.forEach(this::start);
    made.forEach(Call::release);
  }

  /**
   * Makes no call from now on: those that have not been begun fail, the others end as they do.
   *
   * @param reason what they fail with
   */
  public void close(Supplier<RuntimeException> reason) {
    List<Call<?>> left = new ArrayList<>();
    synchronized (this) {
      closed = reason;
      left.addAll(entries.ready);
      entries.ready.clear();
      left.addAll(tasks.ready);
      tasks.ready.clear();
    }
    while (!left.isEmpty()) {
      refuse(left, reason.get());
      left.clear();
      synchronized (this) { // Those that came after them.
        left.addAll(entries.ready);
        entries.ready.clear();
        left.addAll(tasks.ready);
        tasks.ready.clear();
      }
    }
  }
}
