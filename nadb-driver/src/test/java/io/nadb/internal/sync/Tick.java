package io.nadb.internal.sync;

import io.nadb.testing.ManualTime;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A task that is due every second, and hangs when a test says so. */
class Tick implements SyncTask {
  static final long SECOND = 1_000_000_000L;

  final AtomicInteger runs = new AtomicInteger();

  /** How often a thread has come in while another one was there. */
  final AtomicInteger overlaps = new AtomicInteger();

  private final String name;
  private final AtomicBoolean entered = new AtomicBoolean();
  volatile @Nullable Thread thread;
  private volatile ManualTime.@Nullable Hold hold;

  Tick(String name) {
    this.name = name;
  }

  /** Returns the thread that a task has run on last. */
  static Thread threadOf(Tick tick) {
    Thread thread = tick.thread;
    if (thread == null) {
      throw new AssertionError("has not run");
    }
    return thread;
  }

  /** Hangs from its next run on, until the hold is released. */
  ManualTime.Hold hang(ManualTime time) {
    ManualTime.Hold place = time.hold();
    hold = place;
    return place;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long runDue(long nowNanos) {
    if (entered.getAndSet(true)) {
      overlaps.incrementAndGet();
    }
    try {
      thread = Thread.currentThread();
      runs.incrementAndGet();
      ManualTime.Hold place = hold;
      if (place != null) {
        place.pass();
      }
      return nowNanos + SECOND;
    } finally {
      entered.set(false);
    }
  }

  @Override
  public boolean runStep() {
    return false;
  }
}
