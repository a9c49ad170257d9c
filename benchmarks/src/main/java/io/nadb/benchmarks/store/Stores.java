package io.nadb.benchmarks.store;

import io.nadb.KeyValueStore;

/** Opens stores. */
public final class Stores {
  private Stores() {}

  /** Opens a store of that kind; its directory exists. */
  public static Store open(StoreKind kind, Setup setup) {
    boolean batched = setup.shared() && setup.discipline() == Discipline.PER_MEGABYTE;
    return switch (kind) {
      case NADB -> new NadbStore(setup, "none");
      case NADB_SQL -> new NadbStore(setup, "sqlite");
      case ROCKSDB -> new RocksDbStore(setup, false);
      case ROCKSDB_BATCH -> {
        Store store = new RocksDbStore(setup, true);
        yield batched ? new SharedBatch(store) : store;
      }
      case LMDB -> {
        Store store = new LmdbStore(setup);
        yield batched ? new SharedBatch(store) : store;
      }
      case XODUS -> {
        Store store = new XodusStore(setup);
        yield batched ? new SharedBatch(store) : store;
      }
      case SQLITE -> {
        Store store = new SqliteStore(setup);
        yield batched ? new SharedBatch(store) : store;
      }
      case ROCKSDB_OPTIMISTIC, ROCKSDB_PESSIMISTIC ->
          throw new IllegalArgumentException(kind.label() + " is there for transactions alone");
      case MVSTORE -> new MvStore(setup);
      case MAPDB -> new MapDbStore(setup);
      case CHRONICLE -> new ChronicleStore(setup);
      case MAP -> new MapStore();
    };
  }

  /** Opens a store of that kind for transactions; its directory exists. */
  public static TransactionalStore openTransactional(StoreKind kind, Setup setup) {
    return switch (kind) {
      case NADB -> new NadbTransactions(setup);
      case ROCKSDB_OPTIMISTIC -> new RocksDbTransactions(setup, true);
      case ROCKSDB_PESSIMISTIC -> new RocksDbTransactions(setup, false);
      case LMDB -> new LmdbTransactions(setup);
      case XODUS -> new XodusTransactions(setup);
      case MVSTORE -> new MvTransactions(setup);
      default -> throw new IllegalArgumentException(kind.label() + " has no transactions");
    };
  }

  /** Opens NADB itself, for what no other store is compared with. */
  public static KeyValueStore openNadb(Setup setup) {
    return NadbStore.open(setup, "none");
  }
}
