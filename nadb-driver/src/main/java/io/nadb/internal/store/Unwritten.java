package io.nadb.internal.store;

import io.nadb.spi.Write;

/**
 * The writes that the operating system, or the journal before a server, does not have yet, if they
 * are kept apart; the buffer's lock is held by whoever comes here.
 */
final class Unwritten {
  private boolean tracked;
  private MemTable writes = new MemTable(null, null);

  Unwritten(boolean tracked) {
    this.tracked = tracked;
  }

  boolean isTracked() {
    return tracked;
  }

  /** Keeps writes apart from now on. */
  void track() {
    tracked = true;
  }

  /** Where a batch of several is put. */
  MemTable writes() {
    return writes;
  }

  /**
   * Keeps a write.
   *
   * @param placed what it is in the layer that is read
   */
  void put(String namespace, String key, Write write, Write placed) {
    if (tracked) {
      writes.put(namespace, key, Creation.alone(write, placed));
    }
  }

  /** Never hands out what writers go on with: what is taken is read without the lock. */
  MemTable take() {
    MemTable taken = writes;
    writes = new MemTable(null, null);
    return taken;
  }
}
