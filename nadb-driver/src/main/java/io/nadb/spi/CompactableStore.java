package io.nadb.spi;

import io.nadb.KeyValueStore;
import java.util.function.Consumer;

/**
 * A store that gives back on demand the space of what is not current any more. What stands before a
 * store and is to be compacted in its place implements this, too, and passes it on.
 *
 * @since 0.1.0
 */
public interface CompactableStore {

  /**
   * Flushes and compacts; returns when that has ended.
   *
   * @param progress is told at the beginning, now and then, and at the end, by the calling thread;
   *     what it throws ends the compaction
   * @throws InterruptedException if the thread is interrupted; the store is as sound as ever
   * @throws UnsupportedOperationException if the store can't ({@link
   *     io.nadb.StoreCapability#COMPACTION})
   * @throws io.nadb.NadbException if it fails; nothing is lost
   */
  CompactionFigures compact(Consumer<CompactionFigures> progress) throws InterruptedException;

  /**
   * Returns the one that a store is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static CompactableStore of(KeyValueStore store) {
    if (store instanceof CompactableStore compactable) {
      return compactable;
    }
    throw new IllegalArgumentException(
        "store "
            + store.name()
            + " can't be compacted through a "
            + store.getClass().getName()
            + ", which is no "
            + CompactableStore.class.getName()
            + "; pass the store that was opened, or have that class implement it and pass it on");
  }
}
