package io.nadb.internal.store;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for moments: who finds it taken spins a little before it is parked. To be
 * parked and woken costs some ten microseconds, and keeps a processor from the one who has it.
 */
final class BriefLock extends ReentrantLock {
  private static final long serialVersionUID = 1;

  /** A few microseconds: most of what is done with it takes less. */
  private static final int MAX_SPINS = 64;

  @Override
  public void lock() {
    for (int i = 0; i < MAX_SPINS; i++) {
      if (tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    super.lock();
  }
}
