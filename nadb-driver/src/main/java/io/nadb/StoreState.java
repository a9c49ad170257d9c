package io.nadb;

/** How a store is doing. */
public enum StoreState {
  /** All is well. */
  HEALTHY,
  /** The last flush failed; nothing is lost, and the flush is being retried. */
  DEGRADED,
  /** The store is closed. */
  CLOSED
}
