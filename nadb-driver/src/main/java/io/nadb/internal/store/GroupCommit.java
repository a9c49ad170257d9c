package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that wait for the same fsync share it: the first of a group does it for all, the
 * others sleep until it is done, and those who come meanwhile form the next group.
 *
 * <p>Only one thread of a group waits for the lock. If all did, the lock would be handed from one
 * to the next after each fsync, and the next fsync would wait for all of them to be woken.
 *
 * <p>A group waits, for about as long as it takes to wake a few threads, until it is as large as
 * the latest one and those who came during that together: they are likely to come again. Else the
 * threads would fall apart into two groups that take turns, and each fsync would serve half of
 * them.
 */
final class GroupCommit {
  /** Waking a thread takes some ten microseconds. */
  private static final long MAX_WAIT_NANOS = 100_000;

  /**
   * A yield takes a microsecond or less, so this is as long; but where others want the processor,
   * one takes as long as their turns do. It ends the wait where the clock stands still.
   */
  private static final int MAX_YIELDS = 200;

  private final Lock lock;
  private final LongSupplier nanoTime;

  /** The group that has not set out yet. */
  @GuardedBy("this")
  private @Nullable Group open;

  /** How many threads are likely to come before long. */
  @GuardedBy("this")
  private int expected;

  /**
   * Creates one whose work is done under a lock.
   *
   * @param nanoTime the monotonic time
   */
  GroupCommit(Lock lock, LongSupplier nanoTime) {
    this.lock = lock;
    this.nanoTime = nanoTime;
  }

  /** Threads, and up to which sequence number they want the work done. */
  private static final class Group {
    final CompletableFuture<Boolean> done = new CompletableFuture<>();
    long target;
    int size;
  }

  /**
   * Returns when the work is done up to a sequence number, by whomever. If it fails, each thread of
   * the group tries for itself, and so gets an exception of its own.
   *
   * @param work does it up to at least the given number, under the lock
   */
  void await(long sequence, LongConsumer work) {
    Group group;
    boolean leading;
    synchronized (this) {
      leading = open == null;
      group = open == null ? new Group() : open;
      open = group;
      group.target = Math.max(group.target, sequence);
      group.size++;
    }
    if (leading) {
      lead(group, work);
    } else if (!group.done.join()) {
      lock.lock();
      try {
        work.accept(sequence);
      } finally {
        lock.unlock();
      }
    }
  }

  private void lead(Group group, LongConsumer work) {
    boolean done = false;
    lock.lock();
    try {
      if (isIncomplete(group)) {
        awaitMore(group);
      }
      work.accept(setOut(group));
      done = true;
    } finally {
      comeBack(group);
      lock.unlock();
      group.done.complete(done); // After unlocking: the next group need not wait for this to wake.
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // what is right does not depend on who runs when
  private void awaitMore(Group group) {
    long begin = nanoTime.getAsLong();
    int yields = 0;
    do {
      Thread.yield();
    } while (++yields < MAX_YIELDS
        && isIncomplete(group)
        && nanoTime.getAsLong() - begin < MAX_WAIT_NANOS);
  }

  private synchronized boolean isIncomplete(Group group) {
    return group.size < expected;
  }

  private synchronized void comeBack(Group group) {
    expected = group.size + (open == null ? 0 : open.size);
  }

  /** From now on, threads form another group; returns how far this one wants the work done. */
  private synchronized long setOut(Group group) {
    open = null;
    return group.target;
  }
}
