package io.nadb;

/**
 * Why a flush took place.
 *
 * @since 0.1.0
 */
public enum FlushCause {
  /** The write buffer reached its size. */
  SIZE,
  /** The flush interval passed. */
  INTERVAL,
  /** {@link KeyValueStore#flush()} or {@link KeyValueStore#clear()} was called. */
  EXPLICIT,
  /** A write waited for its own durability ({@code durability=synced}). */
  DURABILITY,
  /** An earlier flush had failed. */
  RETRY,
  /** The last handle was closed. */
  CLOSE,
  /** The JVM exits. */
  SHUTDOWN
}
