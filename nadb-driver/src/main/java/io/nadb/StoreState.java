package io.nadb;

/**
 * How a store is doing.
 *
 * @since 0.1.0
 */
public enum StoreState {
  /** All is well. */
  HEALTHY,
  /**
   * The last flush failed and is being retried, or background work fails or has no thread; nothing
   * is lost, unless it is the store's directory that was deleted, moved or taken by somebody else.
   * {@code StoreStats.lastFailure()} says what it is.
   */
  DEGRADED,
  /** All is well, and nothing can be written: the store was opened with {@code access=read}. */
  READ_ONLY,
  /** The store is closed. */
  CLOSED
}
