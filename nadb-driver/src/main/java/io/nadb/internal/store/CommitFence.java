package io.nadb.internal.store;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Lock;

/**
 * Keeps readers, who take no lock, from seeing a part of a commit of several keys: while it is
 * being put in, whoever finds one of its writes waits for the rest.
 *
 * <p>Readers who meet no such commit pay for the reading of one line of the processor's cache that
 * nobody else writes to.
 */
final class CommitFence {
  /** The number stands alone in its cache line, and in the next one, which is fetched with it. */
  private static final int PADDING = 16;

  /** A few microseconds: most commits take less. */
  private static final int MAX_SPINS = 200;

  private final Lock lock;

  /**
   * From which number on writes may belong to a commit that is under way; {@link Long#MAX_VALUE} if
   * none is. Written under the lock: before the first of the commit's writes can be found, and
   * after the last.
   */
  private final AtomicLongArray committingFrom = new AtomicLongArray(2 * PADDING);

  /** Creates one that hides nothing. */
  CommitFence(Lock lock) {
    this.lock = lock;
    lower();
  }

  /** Hides all writes from a number on; with the lock held, until after {@link #lower}. */
  void raise(long from) {
    committingFrom.set(PADDING, from);
  }

  /** Hides nothing any more. */
  void lower() {
    committingFrom.set(PADDING, Long.MAX_VALUE);
  }

  /** Returns when no commit is under way to which a write that has been found may belong. */
  void pass(long sequence) {
    if (hides(sequence)) {
      await(sequence);
    }
  }

  private boolean hides(long sequence) {
    return sequence >= committingFrom.get(PADDING);
  }

  @SuppressWarnings("LockNotBeforeTry") // nothing is done with it: whoever commits holds it
  private void await(long sequence) {
    for (int i = 0; i < MAX_SPINS; i++) {
      Thread.onSpinWait();
      if (!hides(sequence)) {
        return;
      }
    }
    lock.lock();
    lock.unlock();
  }
}
