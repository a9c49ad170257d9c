package io.nadb.internal.store;

import io.nadb.internal.store.MemTable.Slot;
import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.BackendView;
import io.nadb.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The views of a store that are open, and who tells them of what they have to keep. While there is
 * none, that costs a write that replaces another one comparison. The buffer's lock is held by
 * whoever opens views and writes.
 */
final class OpenViews {
  private static final long NONE = Long.MIN_VALUE;

  /** The buffer's. */
  private final ReentrantLock lock;

  /** In the order of their opening, and so of their sequence numbers. */
  private final List<View> open = new ArrayList<>();

  /** The sequence number of the newest view, if there is one. */
  private long newest = NONE;

  OpenViews(ReentrantLock lock) {
    this.lock = lock;
  }

  /**
   * Opens a view; under the lock.
   *
   * @param stored is closed if that fails
   */
  View open(long sequence, Layers layers, BackendView stored) {
    try {
      View view = new View(this, sequence, layers, stored);
      open.add(view);
      newest = sequence;
      return view;
    } catch (Throwable e) {
      stored.close();
      throw e;
    }
  }

  /** Forgets a view, if it is not forgotten already; takes the lock. */
  void remove(View view) {
    lock.lock();
    try {
      open.remove(view);
      newest = open.isEmpty() ? NONE : open.get(open.size() - 1).sequence();
    } finally {
      lock.unlock();
    }
  }

  /** How many views are open. */
  int count() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  /** Sees to it that views go on seeing a write that is about to be replaced; under the lock. */
  void replacing(Slot slot, Write write) {
    if (write.sequence() <= newest) {
      keep(slot, write);
    }
  }

  private void keep(Slot slot, Write write) {
    for (int i = open.size() - 1; i >= 0 && write.sequence() <= open.get(i).sequence(); i--) {
      open.get(i).keep(slot, write);
    }
  }
}
