package io.nadb.internal.store;

import io.nadb.StoreCapability;
import io.nadb.spi.DirectBackend;
import io.nadb.spi.Selection;
import io.nadb.spi.StorageBackend;
import java.util.Collections;
import java.util.EnumSet;
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
    Set<StoreCapability> all = EnumSet.of(StoreCapability.ONE_MOMENT);
    all.add(StoreCapability.SNAPSHOTS);
    all.add(StoreCapability.QUERIES);
    if (!backend.isReadOnly()) {
      all.add(StoreCapability.WRITES);
      all.add(StoreCapability.REMOVALS);
    }
    if (backend.hasHistory()) {
      all.add(StoreCapability.HISTORY);
    }
    if (backend.cuts().isPresent()) {
      all.add(StoreCapability.CHANGES);
    }
    if (backend.hasFiles()) {
      all.add(StoreCapability.BACKUPS);
    }
    if (backend.hasFiles() && !backend.isReadOnly()) {
      all.add(StoreCapability.COMPACTION);
    }
    return Collections.unmodifiableSet(all);
  }

  /** Says that nothing can be written. */
  static UnsupportedOperationException readOnly(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + " is open for reading only (access=read): it takes no writes, transactions, sweeps"
            + " and listeners; open it without that option, while no other process has it open");
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

  /** Whether a page of a question in key order costs no more than its entries. */
  static boolean hasPages(Engine engine, Question question) {
    return engine.capabilities().contains(StoreCapability.QUERIES)
        || !question.selection(null, true).requiredTags().isEmpty();
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

  /** Refuses to tell of removals where that can't be done, or nothing is removed. */
  static void checkRemovals(Engine engine) {
    if (!engine.capabilities().contains(StoreCapability.WRITES)) {
      throw readOnly(engine.name());
    }
    if (!engine.capabilities().contains(StoreCapability.REMOVALS)) {
      throw noRemovals(engine.name());
    }
  }

  /** Says that a store has no snapshots. */
  static UnsupportedOperationException noSnapshots(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + ": a server that others write to keeps nothing of what they replace, so it has no"
            + " snapshots; use nadb:fs: or nadb:mem:, or read what is there now");
  }

  /** Says that a store keeps nothing of what it was. */
  static UnsupportedOperationException noHistory(String store, StorageBackend backend) {
    return new UnsupportedOperationException(
        "store "
            + store
            + (backend instanceof DirectBackend
                ? ": a server keeps nothing of what it had earlier; use nadb:fs: with the option"
                    + " 'history'"
                : " keeps nothing of what it was earlier; open it as nadb:fs: with the option"
                    + " 'history', as in nadb:fs:./data?history=24h"));
  }

  /** Says that a store has no files that could be backed up or compacted. */
  static UnsupportedOperationException noFiles(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + " has no files of its own, and so can be neither backed up nor compacted; only"
            + " nadb:fs: can");
  }

  /** Says that a store's changes can't be followed. */
  static UnsupportedOperationException noChanges(String store) {
    return new UnsupportedOperationException(
        "store "
            + store
            + " keeps no changes that could be followed: neither nadb:mem: nor a server has a log"
            + " of them; use nadb:fs:");
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
