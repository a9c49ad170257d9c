package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Brings the writes of those who do not wait where the durability option wants them: one thread at
 * a time, and each time all that have come meanwhile, so that an fsync is for many.
 */
final class Settler {
  private final Settlement settlement;
  private final Executor threads;

  @GuardedBy("this")
  private List<Waiting> waiting = new ArrayList<>();

  /** Whether a thread is at it. */
  @GuardedBy("this")
  private boolean busy;

  Settler(Settlement settlement, Executor threads) {
    this.settlement = settlement;
    this.threads = threads;
  }

  /** A write that is in the buffer, and who is told when it is where it is to be. */
  private record Waiting(long sequence, Runnable settled, Consumer<Throwable> failed) {}

  /** Adds a write. */
  void add(long sequence, Runnable settled, Consumer<Throwable> failed) {
    synchronized (this) {
      waiting.add(new Waiting(sequence, settled, failed));
      if (busy) {
        return;
      }
      busy = true;
    }
    begin();
  }

  private void begin() {
    try {
      threads.execute(this::work);
    } catch (RuntimeException | Error e) { // No thread is to be had, or the store is closed.
      work();
    }
  }

  private void work() {
    boolean done = false;
    try {
      settleAll();
      done = true;
    } finally {
      if (!done) { // It ends by what was thrown, and another one goes on.
        begin();
      }
    }
    settlement.deliver(); // Not before: a listener may be waiting for one of them.
  }

  private void settleAll() {
    List<Waiting> group = next();
    while (!group.isEmpty()) {
      settle(group);
      group = next();
    }
  }

  /** Takes those who wait; if there are none, the next to come brings a thread. */
  private synchronized List<Waiting> next() {
    List<Waiting> taken = waiting;
    busy = !taken.isEmpty();
    waiting = new ArrayList<>();
    return taken;
  }

  private void settle(List<Waiting> group) {
    long last = 0;
    for (Waiting next : group) {
      last = Math.max(last, next.sequence);
    }
    try {
      settlement.settleBeforeDelivery(last);
    } catch (Throwable e) { // The thread goes on: others wait for it.
      group.forEach(next -> next.failed.accept(e));
      return;
    }
    group.forEach(next -> next.settled.run());
  }
}
