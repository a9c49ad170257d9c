package io.nadb.testkit.contract;

/** What a backend may be able to do, beyond what all must. */
public enum Capability {
  /** Entries expire. */
  TTL,
  /** Entries have tags, and are found by them. */
  TAGS,
  /** Writes wait in the buffer for a flush, as the options {@code buffer} and {@code flush} say. */
  BUFFER,
  /** What was flushed is there when the location is opened again. */
  PERSISTENCE,
  /**
   * What was flushed is there after a crash, and nothing of what was not: for backends whose files
   * are written through {@code io.nadb.spi.StorageIo}.
   */
  CRASH_SAFETY
}
