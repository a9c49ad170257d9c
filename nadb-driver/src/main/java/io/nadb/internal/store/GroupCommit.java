package io.nadb.internal.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that wait for the same fsync share it: the first of a group does it for all, the
 * others sleep until it is done, and those who come meanwhile form the next group.
 *
 * <p>Only one thread of a group waits for the lock. If all did, the lock would be handed from one
 * to the next after each fsync, and the next fsync would wait for all of them to be woken.
 */
final class GroupCommit {
  private final Lock lock;

  /** The group that has not set out yet. */
  @GuardedBy("this")
  private @Nullable Group open;

  /** Creates one whose work is done under a lock. */
  GroupCommit(Lock lock) {
    this.lock = lock;
  }

  /** Threads, and up to which sequence number they want the work done. */
  private static final class Group {
    final CompletableFuture<Boolean> done = new CompletableFuture<>();
    long target;
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
      work.accept(setOut(group));
      done = true;
    } finally {
      lock.unlock();
      group.done.complete(done); // After unlocking: the next group need not wait for this to wake.
    }
  }

  /** From now on, threads form another group; returns how far this one wants the work done. */
  private synchronized long setOut(Group group) {
    open = null;
    return group.target;
  }
}
