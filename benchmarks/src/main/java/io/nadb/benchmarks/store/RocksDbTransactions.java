package io.nadb.benchmarks.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.WriteOptions;

/**
 * RocksDB's transactions, optimistic or with locks: each read is {@code getForUpdate}, which the
 * commit validates or which locks the key, and what is refused as busy runs again. Each thread uses
 * its transaction object again, as {@code beginTransaction} offers.
 */
final class RocksDbTransactions extends TransactionalPeer {
  private final boolean syncing;
  private final RocksDbOptions options;
  private final ReadOptions reads;
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final RocksDB db;
  private final UnaryOperator<Transaction> again;
  private final ThreadLocal<Transaction> used;
  private final Queue<Transaction> all = new ConcurrentLinkedQueue<>();

  RocksDbTransactions(Setup setup, boolean optimistic) {
    super(setup.discipline());
    syncing = setup.discipline() != Discipline.EACH;
    options = new RocksDbOptions(setup);
    reads = options.kept(new ReadOptions());
    WriteOptions writes = options.kept(new WriteOptions().setSync(!syncing));
    String path = setup.directory().toString();
    List<ColumnFamilyDescriptor> names =
        List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.family()));
    Supplier<Transaction> begin;
    try {
      if (optimistic) {
        OptimisticTransactionDB opened =
            OptimisticTransactionDB.open(options.database(), path, names, handles);
        db = opened;
        begin = () -> opened.beginTransaction(writes);
        again = old -> opened.beginTransaction(writes, old);
      } else {
        TransactionDBOptions locks = options.kept(new TransactionDBOptions());
        TransactionDB opened = TransactionDB.open(options.database(), locks, path, names, handles);
        db = opened;
        begin = () -> opened.beginTransaction(writes);
        again = old -> opened.beginTransaction(writes, old);
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    used =
        ThreadLocal.withInitial(
            () -> {
              Transaction first = begin.get();
              all.add(first);
              return first;
            });
  }

  private final class Writer extends Bytes {
    private final Transaction transaction;

    Writer(Transaction transaction) {
      this.transaction = transaction;
    }

    @Override
    byte @Nullable [] read(byte[] key) {
      try {
        return transaction.getForUpdate(reads, handles.get(0), key, true);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    void write(byte[] key, byte[] value) {
      try {
        transaction.put(handles.get(0), key, value);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    void commit() {
      try {
        transaction.commit();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    void rollback() {
      try {
        transaction.rollback();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  @Nullable Bytes attempt(Consumer<Access> body) {
    Writer writer = new Writer(again.apply(used.get()));
    try {
      body.accept(writer);
      writer.commit();
      return writer;
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof RocksDBException refused) || !isConflict(refused)) {
        throw e;
      }
      writer.rollback();
      return null;
    }
  }

  /**
   * Whether a transaction that failed so may be committed if it is run again: somebody else was
   * faster, or holds a lock for long, or memory does not go back far enough to tell.
   */
  private static boolean isConflict(RocksDBException refused) {
    return refused.getStatus() != null
        && switch (refused.getStatus().getCode()) {
          case Busy, TimedOut, TryAgain -> true;
          default -> false;
        };
  }

  @Override
  void sync() {
    if (syncing) {
      try {
        db.flushWal(true);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    flush();
    all.forEach(Transaction::close);
    handles.forEach(ColumnFamilyHandle::close);
    try {
      db.closeE();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    options.close();
  }
}
