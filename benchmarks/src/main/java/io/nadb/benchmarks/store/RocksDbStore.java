package io.nadb.benchmarks.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB: an entry with its postings is a write batch. */
final class RocksDbStore extends TableStore {
  private final Discipline discipline;
  private final boolean batching;
  private final boolean grouping;
  private final RocksDbOptions options;
  private final Tables<ColumnFamilyHandle> tables;
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final WriteOptions unsynced;
  private final WriteOptions synced;
  private final ReadOptions reads;
  private final WriteBatch batch;
  private final RocksDB db;

  RocksDbStore(Setup setup, boolean batching) {
    super(setup, false);
    this.discipline = setup.discipline();
    this.batching = batching;
    this.grouping = batching || setup.labelled();
    options = new RocksDbOptions(setup);
    unsynced = options.kept(new WriteOptions());
    synced = options.kept(new WriteOptions().setSync(true));
    reads = options.kept(new ReadOptions());
    batch = options.kept(new WriteBatch());
    List<ColumnFamilyDescriptor> names = new ArrayList<>();
    names.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.family()));
    if (setup.labelled()) {
      names.add(new ColumnFamilyDescriptor(new byte[] {'t'}, options.family()));
      names.add(new ColumnFamilyDescriptor(new byte[] {'e'}, options.family()));
    }
    try {
      db = RocksDB.open(options.database(), setup.directory().toString(), names, handles);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    int last = handles.size() - 1;
    tables = new Tables<>(handles.get(0), handles.get(Math.min(1, last)), handles.get(last));
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
    options.close();
  }
}
