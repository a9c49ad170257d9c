package io.nadb.benchmarks.store;

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
      case MVSTORE -> new MvStore(setup);
      case MAPDB -> new MapDbStore(setup);
      case CHRONICLE -> new ChronicleStore(setup);
      case MAP -> new MapStore();
    };
  }
}
