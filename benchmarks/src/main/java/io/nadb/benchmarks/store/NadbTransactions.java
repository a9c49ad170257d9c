package io.nadb.benchmarks.store;

import io.nadb.KeyValueStore;
import io.nadb.Transaction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** NADB's {@code transaction}, which runs its function again after a conflict. */
final class NadbTransactions implements TransactionalStore {
  private final KeyValueStore store;

  NadbTransactions(Setup setup) {
    store = NadbStore.open(setup, "none");
  }

  private record Writer(Transaction transaction) implements Access {
    @Override
    public byte @Nullable [] get(String key) {
      return transaction.get(key).orElse(null);
    }

    @Override
    public void set(String key, byte[] value) {
      transaction.set(key, value);
    }
  }

  @Override
  public void transact(Consumer<Access> body) {
    store.transaction(
        transaction -> {
          body.accept(new Writer(transaction));
          return true;
        });
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public void close() {
    store.close();
  }
}
