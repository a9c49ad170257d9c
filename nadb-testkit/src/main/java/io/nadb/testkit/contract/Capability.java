package io.nadb.testkit.contract;

/**
 * What a backend may be able to do, beyond what all must.
 *
 * @since 0.1.0
 */
public enum Capability {
  /** Entries expire. */
  TTL,
  /** Entries have tags, and are found by them. */
  TAGS,
  /** Writes wait in the buffer for a flush, as the options {@code buffer} and {@code flush} say. */
  BUFFER,
  /** A write can wait until it is durable by itself, as {@code durability=synced} says. */
  DURABILITY,
  /** Reads and writes of several keys take place together or not at all. */
  TRANSACTIONS,
  /** Listeners are told what is removed. */
  REMOVALS,
  /** The store can be kept as it is at one moment. */
  SNAPSHOTS,
  /**
   * Queries may ask for anything; else for what all entries must have, and in the order of keys.
   */
  QUERIES,
  /**
   * A transaction sees the store as it was at one moment, also one that loses in the end; else it
   * may have seen what was never there together, and only what is committed has not.
   */
  OPACITY,
  /**
   * Changes that depend on what is there, and transactions, wait in the buffer and have numbers as
   * all writes: they are made while nothing can be flushed. Else the backend decides them at once,
   * after what is buffered.
   */
  BUFFERED_CHANGES,
  /**
   * What has expired is there, out of sight, until the store removes it: the backend itself removes
   * nothing, and forgets nothing of it.
   */
  SWEPT_EXPIRY,
  /** The statistics tell how many keys a location has. */
  KEY_COUNT,
  /** What was flushed is there when the location is opened again. */
  PERSISTENCE,
  /**
   * What was flushed is there after a crash, and nothing of what was not: for backends whose files
   * are written through {@code io.nadb.spi.StorageIo}.
   */
  CRASH_SAFETY
}
