package io.nadb.benchmarks.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB, set up as its wiki's "Setup Options and Basic Tuning" advises, without compression
 * (values are random) and with BlobDB for large values. With an fsync per megabyte, the WAL is
 * flushed by hand ({@code manual_wal_flush}), which spares a system call per put. An entry with its
 * postings is a write batch.
 */
final class RocksDbStore extends TableStore {
  private static final int BLOBS_FROM = 4096;

  /** Enough for filters and indexes; the operating system keeps the rest. */
  private static final long SMALL_CACHE_BYTES = 32L << 20;

  static {
    RocksDB.loadLibrary();
  }

  private final Discipline discipline;
  private final boolean batching;
  private final boolean grouping;
  private final List<RocksObject> options = new ArrayList<>();
  private final Tables<ColumnFamilyHandle> tables;
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final WriteOptions unsynced = kept(new WriteOptions());
  private final WriteOptions synced = kept(new WriteOptions().setSync(true));
  private final ReadOptions reads = kept(new ReadOptions());
  private final WriteBatch batch = kept(new WriteBatch());
  private final RocksDB db;

  RocksDbStore(Setup setup, boolean batching) {
    super(setup, false);
    this.discipline = setup.discipline();
    this.batching = batching;
    this.grouping = batching || setup.labelled();
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(
                kept(new LRUCache(setup.beyondMemory() ? SMALL_CACHE_BYTES : Setup.CACHE_BYTES)))
            .setFilterPolicy(kept(new BloomFilter(10)))
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setFormatVersion(6);
    ColumnFamilyOptions family =
        kept(new ColumnFamilyOptions())
            .setTableFormatConfig(table)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setLevelCompactionDynamicLevelBytes(true)
            .setEnableBlobFiles(setup.valueBytes() >= BLOBS_FROM)
            .setMinBlobSize(BLOBS_FROM)
            .setEnableBlobGarbageCollection(true);
    DBOptions database =
        kept(new DBOptions())
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxBackgroundJobs(Math.max(2, Runtime.getRuntime().availableProcessors()))
            .setBytesPerSync(1 << 20)
            .setManualWalFlush(discipline != Discipline.EACH);
    List<ColumnFamilyDescriptor> names = new ArrayList<>();
    names.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family));
    if (setup.labelled()) {
      names.add(new ColumnFamilyDescriptor(new byte[] {'t'}, family));
      names.add(new ColumnFamilyDescriptor(new byte[] {'e'}, family));
    }
    try {
      db = RocksDB.open(database, setup.directory().toString(), names, handles);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    int last = handles.size() - 1;
    tables = new Tables<>(handles.get(0), handles.get(Math.min(1, last)), handles.get(last));
  }

  private <T extends RocksObject> T kept(T option) {
    options.add(option);
    return option;
  }

  @Override
  byte @Nullable [] read(Table table, byte[] key) {
    try {
      return db.get(tables.get(table), reads, key);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void write(Table table, byte[] key, byte[] value) {
    ColumnFamilyHandle family = tables.get(table);
    try {
      if (grouping) {
        batch.put(family, key, value);
      } else {
        db.put(family, discipline == Discipline.EACH ? synced : unsynced, key, value);
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void remove(Table table, byte[] key) {
    try {
      if (grouping) {
        batch.delete(tables.get(table), key);
      } else {
        db.delete(tables.get(table), unsynced, key);
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void scan(Table table, byte[] from, boolean values, Visitor visitor) {
    try (RocksIterator at = db.newIterator(tables.get(table), reads)) {
      byte[] none = {};
      for (at.seek(from); at.isValid(); at.next()) {
        if (!visitor.visit(at.key(), values ? at.value() : none)) {
          return;
        }
      }
    }
  }

  @Override
  void endEntry() {
    try {
      if (grouping && !batching) {
        db.write(unsynced, batch);
        batch.clear();
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void commit() {
    endEntry();
    try {
      if (batching) {
        db.write(synced, batch);
        batch.clear();
      } else if (discipline != Discipline.EACH) {
        db.flushWal(true);
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    commit();
    handles.forEach(ColumnFamilyHandle::close);
    try {
      db.closeE();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    options.forEach(RocksObject::close);
  }
}
