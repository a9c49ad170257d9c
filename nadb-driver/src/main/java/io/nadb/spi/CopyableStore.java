package io.nadb.spi;

import io.nadb.Entry;
import io.nadb.KeyValueStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A store whose entries can go to another one as they are, with the times at which they came into
 * being, were set and expire. What stands before a store and is to be copied in its place
 * implements this, too, and passes it on.
 *
 * <p>All methods may be called from any thread, and throw {@link IllegalStateException} once the
 * store is closed, and {@link io.nadb.NadbException} when the world fails.
 *
 * @since 0.1.0
 */
public interface CopyableStore {

  /**
   * Returns the names of all namespaces of the location that have entries, and maybe of some that
   * have none any more; unmodifiable.
   *
   * @throws UnsupportedOperationException if the backend can't tell
   */
  Set<String> namespaces();

  /** What time it is for the store: by that it judges what has expired. */
  Instant now();

  /**
   * Returns those of the entries of a namespace that exist, in the order of the keys, each with the
   * value that was set together with its metadata.
   */
  List<Entry> copyOut(String namespace, Collection<String> keys);

  /**
   * Sets entries of a namespace as they are, whatever is there: their times are not those of now.
   * One that has expired by then replaces what is there all the same, and is not seen. They are as
   * durable as after {@link KeyValueStore#set}.
   *
   * @throws UnsupportedOperationException if the store takes no writes, or its backend none such
   * @throws IllegalArgumentException if the store can't have such an entry
   */
  void copyIn(String namespace, Collection<Entry> entries);

  /**
   * Returns the copyable store that a store is.
   *
   * @throws IllegalArgumentException if it is none
   */
  static CopyableStore of(KeyValueStore store) {
    if (store instanceof CopyableStore copyable) {
      return copyable;
    }
    throw new IllegalArgumentException(
        "store "
            + store.name()
            + " can't be copied through a "
            + store.getClass().getName()
            + ", which is no "
            + CopyableStore.class.getName()
            + "; pass the store that was opened, or have that class implement it and pass it on");
  }
}
