package io.nadb.benchmarks.store;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksObject;

/**
 * RocksDB set up as its wiki's "Setup Options and Basic Tuning" advises, without compression
 * (values are random) and with BlobDB for large values. With an fsync per megabyte, the WAL is
 * flushed by hand ({@code manual_wal_flush}), which spares a system call per put.
 */
final class RocksDbOptions implements AutoCloseable {
  private static final int BLOBS_FROM = 4096;

  /** Enough for filters and indexes; the operating system keeps the rest. */
  private static final long SMALL_CACHE_BYTES = 32L << 20;

  static {
    RocksDB.loadLibrary();
  }

  private final List<RocksObject> all = new ArrayList<>();
  private final ColumnFamilyOptions family;
  private final DBOptions database;

  RocksDbOptions(Setup setup) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(
                kept(new LRUCache(setup.beyondMemory() ? SMALL_CACHE_BYTES : Setup.CACHE_BYTES)))
            .setFilterPolicy(kept(new BloomFilter(10)))
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setFormatVersion(6);
    family =
        kept(new ColumnFamilyOptions())
            .setTableFormatConfig(table)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setLevelCompactionDynamicLevelBytes(true)
            .setEnableBlobFiles(setup.valueBytes() >= BLOBS_FROM)
            .setMinBlobSize(BLOBS_FROM)
            .setEnableBlobGarbageCollection(true);
    database =
        kept(new DBOptions())
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxBackgroundJobs(Math.max(2, Runtime.getRuntime().availableProcessors()))
            .setBytesPerSync(1 << 20)
            .setManualWalFlush(setup.discipline() != Discipline.EACH);
  }

  ColumnFamilyOptions family() {
    return family;
  }

  DBOptions database() {
    return database;
  }

  /** Has another one closed with these. */
  <T extends RocksObject> T kept(T option) {
    all.add(option);
    return option;
  }

  @Override
  public void close() {
    all.forEach(RocksObject::close);
  }
}
