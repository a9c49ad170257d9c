package io.nadb.internal.sync;

import io.nadb.testkit.Hold;
import io.nadb.testkit.VirtualTime;
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
  private volatile @Nullable Hold hold;
  private volatile @Nullable Member member;

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

  /** Takes part from now on. */
  void join(KeyValueSync sync) {
    member = sync.member(this);
    member.join();
  }

  /** Has the background thread look after it now. */
  void wake() {
    member().wake();
  }

  /** Takes part no longer. */
  void leave() {
    member().leave();
  }

  /** What the background thread knows of it. */
  Member member() {
    Member joined = member;
    if (joined == null) {
      throw new AssertionError("does not take part");
    }
    return joined;
  }

  /** Hangs from its next run on, until the hold is released. */
  Hold hang(VirtualTime time) {
    Hold place = time.newHold();
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
      Hold place = hold;
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
