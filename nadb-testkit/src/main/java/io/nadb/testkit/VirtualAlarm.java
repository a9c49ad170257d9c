package io.nadb.testkit;

import io.nadb.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The alarm of one background thread. A ring is numbered; it has been <i>taken</i> when the thread
 * wakes for it, and <i>served</i> when the thread waits again.
 *
 * <p>All state is guarded by the time's monitor; whoever calls a method that does not take it,
 * holds it.
 */
final class VirtualAlarm implements TimeSource.Alarm {
  private final VirtualTime time;
  private final ProgressWatch patience;
  private final String owner;
  private @Nullable Thread thread;
  private long deadline = Long.MAX_VALUE;
  private long rings;
  private long taken;
  private long served;

  /** The last ring by a background thread, which waits for nobody, so that others do it. */
  private long echoes;

  private boolean waiting;
  private boolean due;
  private boolean closed;

  /** How many faults hold the thread. */
  private int holds;

  VirtualAlarm(VirtualTime time, ProgressWatch patience, String owner) {
    this.time = time;
    this.patience = patience;
    this.owner = owner;
  }

  String owner() {
    return owner;
  }

  long deadline() {
    return deadline;
  }

  /** Whether it is that thread's; until it has waited once, only the name tells. */
  boolean belongsTo(Thread candidate) {
    return thread == candidate || (thread == null && owner.equals(candidate.getName()));
  }

  /** Its deadline has come. */
  void wake() {
    due = true;
  }

  /** A fault holds the thread. */
  void hold() {
    holds++;
  }

  void unhold() {
    holds--;
  }

  boolean hasServedEchoes() {
    return hasServed(echoes);
  }

  boolean isParked() {
    return waiting && rings == taken && !due;
  }

  boolean isAtRest() {
    return closed || holds > 0 || isParked();
  }

  private boolean hasServed(long ring) {
    return closed || holds > 0 || served >= ring;
  }

  @Override
  public void awaitUntil(long deadlineNanos) throws InterruptedException {
    synchronized (time) {
      thread = Thread.currentThread();
      if (rings == taken && time.nanoTime() < deadlineNanos) {
        deadline = deadlineNanos;
        waiting = true;
        served = taken;
        patience.changed();
        try {
          while (rings == taken && !due) {
            time.wait();
          }
        } finally {
          waiting = false;
          due = false;
          deadline = Long.MAX_VALUE;
        }
      }
      taken = rings;
    }
  }

  @Override
  public void ring() {
    synchronized (time) {
      long ring = ++rings;
      patience.changed();
      if (time.ownAlarm() != null) {
        echoes = ring;
        return;
      }
      patience.awaitEvenInterrupted(
          () -> hasServed(ring) && time.hasServedEchoes(), owner + " did not come to rest");
    }
  }

  @Override
  public void close() {
    synchronized (time) {
      closed = true;
      time.remove(this);
      patience.changed();
    }
  }
}
