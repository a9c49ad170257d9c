package io.nadb.internal.store;

import io.nadb.internal.store.WriteBuffer.Layers;
import io.nadb.spi.Write;

/**
 * What must be true of a key when a batch is admitted: that it is still as somebody has found it.
 *
 * <p>It is checked under the buffer's lock, where nobody may wait for a disk. So whether an entry
 * is there, has a certain value or has not expired is looked at before; that it is the same version
 * still, or that there is still none, is all that is left to check.
 */
sealed interface Precondition {
  String namespace();

  String key();

  /**
   * The number of the last write before the key was looked up. Without a later one that has left
   * the buffer, a key that is not in there is as it was found.
   */
  long asOf();

  /** Whether a buffered write, the latest of the key, leaves it true. */
  boolean allows(Write latest);

  /** Whether somebody who looks again finds the same. */
  boolean isSameAs(Precondition found);

  /**
   * Whether it is true. If nothing at all has been written since the key was looked up, it need not
   * be looked up again.
   *
   * @param layers all that is buffered
   * @param dropped the number of the last write that has left the buffer for the backend
   * @param sequence the number of the last write
   */
  default boolean holds(Layers layers, long dropped, long sequence) {
    if (sequence == asOf()) {
      return true;
    }
    Write latest = layers.latest(namespace(), key());
    return latest == null ? dropped <= asOf() : allows(latest);
  }

  /** No entry was found that was alive at a moment, and there is still none. */
  record Absent(String namespace, String key, long asOf, long now) implements Precondition {
    @Override
    public boolean allows(Write latest) {
      return latest.isGoneAt(now);
    }

    @Override
    public boolean isSameAs(Precondition found) {
      return found instanceof Absent;
    }
  }

  /** An entry was found, which has not been replaced or removed. */
  record Unchanged(String namespace, String key, long asOf, long sequence) implements Precondition {
    @Override
    public boolean allows(Write latest) {
      return latest.sequence() == sequence;
    }

    @Override
    public boolean isSameAs(Precondition found) {
      return found instanceof Unchanged unchanged && unchanged.sequence == sequence;
    }
  }
}
