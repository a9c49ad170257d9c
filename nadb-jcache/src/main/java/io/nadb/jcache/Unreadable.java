package io.nadb.jcache;

import io.nadb.KeyValueStore;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a cache does with a value that can't be read any more. */
final class Unreadable {
  private static final System.Logger LOGGER = System.getLogger("io.nadb.jcache");

  private final String cache;
  private final KeyValueStore store;
  private final boolean refused;
  private final AtomicBoolean logged = new AtomicBoolean();

  Unreadable(String cache, KeyValueStore store, boolean refused) {
    this.cache = cache;
    this.store = store;
    this.refused = refused;
  }

  /**
   * Removes the entry, unless somebody has replaced the value, so that it is missing from now on;
   * the first of a cache is logged.
   *
   * @throws UnreadableValueException the one given, if the cache refuses to go on
   */
  void discard(String name, UnreadableValueException unreadable) {
    if (refused) {
      throw unreadable;
    }
    store.delete(name, unreadable.bytes());
    if (logged.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "cache '%s': an entry is removed since it can't be read; more such are not logged"
              .formatted(cache),
          unreadable);
    }
  }
}
