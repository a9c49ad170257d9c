package io.nadb.benchmarks.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** The stores that take part. */
public enum StoreKind {
  /** What is measured. */
  NADB("nadb", Feature.DURABLE, Feature.SCANS, Feature.TRANSACTIONS),
  /** The same with its copy for SQL tools, which no peer has: the default. */
  NADB_SQL("nadb-sql", Feature.DURABLE, Feature.VARIANT),
  /** RocksDB, a put per entry. */
  ROCKSDB("rocksdb", Feature.DURABLE, Feature.SCANS),
  /** RocksDB, a write batch per megabyte. */
  ROCKSDB_BATCH("rocksdb-batch", Feature.DURABLE, Feature.VARIANT),
  /** RocksDB's OptimisticTransactionDB, for transactions alone. */
  ROCKSDB_OPTIMISTIC("rocksdb-optimistic", Feature.VARIANT, Feature.TRANSACTIONS),
  /** RocksDB's TransactionDB, whose transactions lock, for transactions alone. */
  ROCKSDB_PESSIMISTIC("rocksdb-pessimistic", Feature.VARIANT, Feature.TRANSACTIONS),
  /** LMDB by lmdbjava. */
  LMDB("lmdb", Feature.DURABLE, Feature.SCANS, Feature.TRANSACTIONS),
  /** JetBrains Xodus environments. */
  XODUS("xodus", Feature.DURABLE, Feature.SCANS, Feature.TRANSACTIONS),
  /** H2's MVStore. */
  MVSTORE("mvstore", Feature.DURABLE, Feature.SCANS, Feature.TRANSACTIONS),
  /** MapDB. */
  MAPDB("mapdb", Feature.DURABLE, Feature.SCANS),
  /** SQLite by sqlite-jdbc. */
  SQLITE("sqlite", Feature.DURABLE, Feature.SCANS),
  /** Chronicle Map: a memory-mapped hash map without durability. */
  CHRONICLE("chronicle"),
  /** ConcurrentHashMap with copied values: the ceiling, not a peer. */
  MAP("map");

  private enum Feature {
    DURABLE,
    SCANS,
    VARIANT,
    TRANSACTIONS
  }

  private final String label;
  private final boolean durable;
  private final boolean scans;
  private final boolean variant;
  private final boolean transactions;

  StoreKind(String label, Feature... features) {
    this.label = label;
    Set<Feature> all = Set.of(features);
    this.durable = all.contains(Feature.DURABLE);
    this.scans = all.contains(Feature.SCANS);
    this.variant = all.contains(Feature.VARIANT);
    this.transactions = all.contains(Feature.TRANSACTIONS);
  }

  /** The name in arguments and tables. */
  public String label() {
    return label;
  }

  /** Whether it is compared with: neither NADB itself nor the ceiling. */
  public boolean isPeer() {
    return this != NADB && this != NADB_SQL && this != MAP;
  }

  /** Whether it takes single writes and can make them durable on demand. */
  public boolean isDurable() {
    return durable;
  }

  /** Whether keys can be listed in order, and so tags and expiry be indexed by hand. */
  public boolean scans() {
    return scans;
  }

  /** Whether it is another one, with something set up otherwise. */
  public boolean isVariant() {
    return variant;
  }

  /** Whether it takes part with transactions of several keys. */
  public boolean hasTransactions() {
    return transactions;
  }

  /** The store whose files it can go on with: those that differ only in writing share them. */
  public StoreKind owner() {
    return this == NADB_SQL ? NADB : this == ROCKSDB_BATCH ? ROCKSDB : this;
  }

  /**
   * Returns the store of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static StoreKind of(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no store '"
                        + label
                        + "'; there are "
                        + Arrays.stream(values()).map(StoreKind::label).toList()));
  }
}
