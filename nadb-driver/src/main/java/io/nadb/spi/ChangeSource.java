package io.nadb.spi;

import io.nadb.KeyValueStore;
import io.nadb.Snapshot;

/**
 * A store whose changes can be followed. What stands before a store and is to be followed in its
 * place implements this, too, and passes it on.
 *
 * @since 0.1.0
 */
public interface ChangeSource {

  /**
   * Follows the changes after a bookmark.
   *
   * @param everywhere whether those of all namespaces of the location
   * @throws UnsupportedOperationException if the store keeps no changes
   * @throws io.nadb.ChangesLostException if the changes after it are not kept
   */
  ChangeStream changes(String bookmark, boolean everywhere);

  /** The bookmark after all that is durable now. */
  String changesFromNow();

  /** The bookmark after a snapshot, all of which is durable when this returns. */
  String changesAfter(Snapshot snapshot);

  /**
   * Returns the source that a store is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ChangeSource of(KeyValueStore store) {
    if (store instanceof ChangeSource source) {
      return source;
    }
    throw new IllegalArgumentException(
        "the changes of store "
            + store.name()
            + " can't be followed through a "
            + store.getClass().getName()
            + ", which is no "
            + ChangeSource.class.getName()
            + "; pass the store that was opened, or have that class implement it and pass it on");
  }
}
