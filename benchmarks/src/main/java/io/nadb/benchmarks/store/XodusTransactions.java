package io.nadb.benchmarks.store;

import java.util.function.Consumer;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.env.EnvironmentImpl;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Xodus' {@code computeInTransaction}: any commit since its beginning aborts a transaction, which
 * runs again, and after some attempts alone. Each commit syncs; with an fsync per megabyte, durable
 * writes are off, and {@code flushAndSync} does it.
 */
final class XodusTransactions extends TransactionalPeer {
  private final boolean syncing;
  private final EnvironmentImpl env;
  private final jetbrains.exodus.env.Store entries;

  XodusTransactions(Setup setup) {
    super(setup.discipline());
    syncing = setup.discipline() != Discipline.EACH;
    env = (EnvironmentImpl) XodusStore.open(setup, !syncing);
    entries =
        env.computeInTransaction(
            transaction -> env.openStore("accounts", StoreConfig.WITHOUT_DUPLICATES, transaction));
  }

  private final class Writer extends Bytes {
    private final Transaction transaction;

    Writer(Transaction transaction) {
      this.transaction = transaction;
    }

    @Override
    byte @Nullable [] read(byte[] key) {
      return XodusStore.copy(entries.get(transaction, new ArrayByteIterable(key)));
    }

    @Override
    void write(byte[] key, byte[] value) {
      entries.put(transaction, new ArrayByteIterable(key), new ArrayByteIterable(value));
    }
  }

  @Override
  Bytes attempt(Consumer<Access> body) {
    return env.computeInTransaction(
        transaction -> {
          Bytes writer = new Writer(transaction);
          body.accept(writer);
          return writer;
        });
  }

  @Override
  void sync() {
    if (syncing) {
      env.flushAndSync();
    }
  }

  @Override
  public void close() {
    flush();
    env.close();
  }
}
