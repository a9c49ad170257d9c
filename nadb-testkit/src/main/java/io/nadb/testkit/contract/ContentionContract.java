package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Threads that all want the same keys. */
interface ContentionContract extends Fixture {
  private static long number(Transaction transaction, String key) {
    return transaction.get(key).map(Fixture::text).map(Long::parseLong).orElse(0L);
  }

  private static void add(Transaction transaction, String key, long delta) {
    transaction.set(key, utf8(Long.toString(number(transaction, key) + delta)));
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void eightThreadsOnOneKeyAllGetThrough() throws Exception {
    int threads = 8;
    int each = 50;
    List<CompletableFuture<Void>> running = new ArrayList<>();
    KeyValueStore store = store();
    for (int i = 0; i < threads; i++) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < each; n++) {
                  store.transaction(
                      transaction -> {
                        add(transaction, "one", 1);
                        add(transaction, "two", -1);
                        return null;
                      });
                }
              }));
    }
    for (CompletableFuture<Void> one : running) {
      one.get();
    }

    assertThat(text(store, "one")).contains(Integer.toString(threads * each));
    assertThat(text(store, "two")).contains(Integer.toString(-threads * each));
  }
}
