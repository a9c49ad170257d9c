package io.nadb.benchmarks.store;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that H2 builds on MVStore: a read locks its key, as {@code SELECT … FOR UPDATE}
 * does; {@code commit()} and {@code sync()} of the store make all of them durable.
 */
final class MvTransactions extends TransactionalPeer {
  /** How long a transaction waits for a lock before it is aborted: as long as RocksDB's. */
  private static final int LOCK_MILLIS = (int) TimeUnit.SECONDS.toMillis(1);

  private final MVStore store;
  private final TransactionStore transactions;
  private final TransactionMap<byte[], byte[]> entries;

  MvTransactions(Setup setup) {
    super(setup.discipline());
    store = MvStore.open(setup);
    transactions = new TransactionStore(store);
    transactions.init();
    Transaction opening = transactions.begin();
    entries = opening.openMap("accounts", ByteArrayDataType.INSTANCE, ByteArrayDataType.INSTANCE);
    opening.commit();
  }

  private static final class Writer extends Bytes {
    private final TransactionMap<byte[], byte[]> map;

    Writer(TransactionMap<byte[], byte[]> map) {
      this.map = map;
    }

    @Override
    byte @Nullable [] read(byte[] key) {
      byte[] found = map.lock(key);
      return found == null ? null : found.clone();
    }

    @Override
    void write(byte[] key, byte[] value) {
      map.put(key, value);
    }
  }

  @Override
  @Nullable Bytes attempt(Consumer<Access> body) {
    Transaction transaction = transactions.begin();
    transaction.setTimeoutMillis(LOCK_MILLIS);
    try {
      Bytes writer = new Writer(entries.getInstance(transaction));
      body.accept(writer);
      transaction.commit();
      return writer;
    } catch (MVStoreException e) {
      if (e.getErrorCode() != DataUtils.ERROR_TRANSACTION_LOCKED
          && e.getErrorCode() != DataUtils.ERROR_TRANSACTIONS_DEADLOCK) {
        throw e;
      }
      transaction.rollback();
      return null;
    }
  }

  @Override
  void sync() {
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    transactions.close();
    store.close();
  }
}
