package io.nadb.internal.store;

import io.nadb.StoreCapability;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.Selection;
import io.nadb.spi.StorageBackend;
import java.util.Set;

/**
 * What a store can do, which depends on who writes to its backend: it alone, others too, or only
 * others.
 */
final class Capabilities {
  private Capabilities() {}

  static Set<StoreCapability> of(StorageBackend backend) {
    if (backend instanceof DirectBackend) {
      return Set.of(StoreCapability.WRITES);
    }
    return backend.isReadOnly()
        ? Set.of(StoreCapability.ONE_MOMENT, StoreCapability.SNAPSHOTS, StoreCapability.QUERIES)
        : Set.of(
            StoreCapability.WRITES,
            StoreCapability.REMOVALS,
            StoreCapability.ONE_MOMENT,
            StoreCapability.SNAPSHOTS,
            StoreCapability.QUERIES);
  }

  /** Says that nothing can be written. */
  static UnsupportedOperationException readOnly(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + " is open for reading only (access=read): it takes no writes, transactions, sweeps and"
            + " listeners; open it without that option, while no other process has it open");
  }

  /** Refuses what a server could answer only by sending all that it has. */
  static void checkQuery(Engine engine, Question question) {
    if (engine.capabilities().contains(StoreCapability.QUERIES)) {
      return;
    }
    if (!question.isByKey() || question.descending()) {
      throw noQuery(engine.name(), "in another order than that of keys");
    }
    Selection selection = question.selection(null, true);
    if (!question.filters().isEmpty()
        && selection.requiredTags().isEmpty()
        && selection.prefix().isEmpty()) {
      throw noQuery(engine.name(), "by tags of which no entry must have any");
    }
  }

  private static UnsupportedOperationException noQuery(String store, String what) {
    return new UnsupportedOperationException(
        "store "
            + store
            + ": a query "
            + what
            + " would have the server send all that it has; use nadb:fs: or nadb:mem:, or ask"
            + " by allTags or prefix, in the order of keys");
  }

  /** Says that a store has no snapshots. */
  static UnsupportedOperationException noSnapshots(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + ": a server that others write to keeps nothing of what they replace, so it has no"
            + " snapshots; use nadb:fs: or nadb:mem:, or read what is there now");
  }

  /** Says that a store does not tell what is removed. */
  static UnsupportedOperationException noRemovals(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + ": a server that others write to does not tell what was removed; use nadb:fs: or"
            + " nadb:mem:, or ask for what may be gone");
  }
}
