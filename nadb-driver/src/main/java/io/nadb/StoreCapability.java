package io.nadb;

/**
 * What not every store can do: {@link KeyValueStore#capabilities()} tells which can. More constants
 * may come.
 *
 * @since 0.1.0
 */
public enum StoreCapability {
  /** Entries can be written; not so if the store was opened with {@code access=read}. */
  WRITES,
  /** Listeners are told what is removed: {@link KeyValueStore#onRemoval}. */
  REMOVALS,
  /**
   * A listing, a query and what a transaction reads show the store as it was at one moment, also
   * while others write. Else they are put together from several looks; only what a transaction has
   * committed is known to have been there together.
   */
  ONE_MOMENT,
  /** The store can be kept as it is at one moment: {@link KeyValueStore#snapshot}. */
  SNAPSHOTS,
  /**
   * What was there earlier can be shown: {@link KeyValueStore#snapshotAt} and {@link
   * KeyValueStore#log}. On {@code nadb:fs:} if the option {@code history} says so, and always with
   * {@code access=read}, as far as the owner has kept it.
   */
  HISTORY,
  /**
   * {@link KeyValueStore#query} answers everything that can be asked. Else entries come in the
   * order of keys only, a query by tags must name one that all entries must have, or a prefix, and
   * each page costs as much as all of them.
   */
  QUERIES,
  /** What is made durable can be followed, flush by flush: {@code io.nadb.feed.ChangeFeed}. */
  CHANGES,
  /**
   * It can be backed up while it is used, and checked: {@code io.nadb.backup.Backups}. On {@code
   * nadb:fs:}.
   */
  BACKUPS,
  /**
   * The space of what is not current any more can be given back on demand: {@code
   * io.nadb.maintenance.Compaction}. On {@code nadb:fs:}, unless opened with {@code access=read}.
   */
  COMPACTION
}
