package io.nadb;

/**
 * What a write waits for before it returns.
 *
 * @since 0.1.0
 */
public enum Durability {
  /** Nothing: the write is in the buffer, and a crash of the process loses it until the flush. */
  BUFFERED,
  /** The operating system has the write: it survives the death of the process. */
  WRITTEN,
  /** The disk has the write: it survives a power cut. Concurrent writers share one fsync. */
  SYNCED
}
