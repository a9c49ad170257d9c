package io.nadb.internal.store;

import org.jspecify.annotations.Nullable;

/**
 * Proposes what is to be written, from what is there: it looks without the buffer's lock, and is
 * asked again if what it has seen is out of date by the time the lock is held.
 */
@FunctionalInterface
interface Proposal {
  /** Returns what is to be written now, with what it depends on; null if nothing is. */
  @Nullable WriteBatch propose();

  /** Whether it waits for room in the buffer; else it is given up if there is none. */
  default boolean waits() {
    return true;
  }

  /** The same, but given up where it would have to wait. */
  default Proposal withoutWaiting() {
    Proposal same = this;
    return new Proposal() {
      @Override
      public @Nullable WriteBatch propose() {
        return same.propose();
      }

      @Override
      public boolean waits() {
        return false;
      }
    };
  }
}
