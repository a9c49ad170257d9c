package io.nadb.spi;

import io.nadb.KeyValueStore;

/**
 * A store whose files can be copied while it is used. What stands before a store and is to be
 * backed up in its place implements this, too, and passes it on.
 *
 * @since 0.1.0
 */
public interface BackupSource {

  /**
   * Flushes, and keeps the files as they are then.
   *
   * @throws UnsupportedOperationException if the store has no files ({@link
   *     io.nadb.StoreCapability#BACKUPS})
   * @throws io.nadb.NadbException if the flush fails
   */
  PinnedFiles pinFiles();

  /**
   * Returns the source that a store is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static BackupSource of(KeyValueStore store) {
    if (store instanceof BackupSource source) {
      return source;
    }
    throw new IllegalArgumentException(
        "store "
            + store.name()
            + " can't be backed up through a "
            + store.getClass().getName()
            + ", which is no "
            + BackupSource.class.getName()
            + "; pass the store that was opened, or have that class implement it and pass it on");
  }
}
