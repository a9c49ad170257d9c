package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAccumulator;
import org.junit.jupiter.api.Test;

/** Threads that all want the same keys. */
interface ContentionContract extends Fixture {
  /**
   * Who has lost a few times gets a turn, and who loses even so has all others wait who begin: then
   * only those win that had begun, once each.
   */
  int MAX_ATTEMPTS = 30;

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
    List<Future<?>> running = new ArrayList<>();
    KeyValueStore store = store();
    LongAccumulator most = new LongAccumulator(Math::max, 0);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      running.add(
          pool.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  int[] attempts = new int[1];
                  store.transaction(
                      transaction -> {
                        most.accumulate(++attempts[0]);
                        add(transaction, "one", 1);
                        add(transaction, "two", -1);
                        return null;
                      });
                }
              }));
    }
    pool.shutdown();
    for (Future<?> one : running) {
      one.get();
    }

    assertThat(text(store, "one")).contains(Integer.toString(threads * each));
    assertThat(text(store, "two")).contains(Integer.toString(-threads * each));
    assertThat(most.get()).as("attempts of who lost most often").isLessThanOrEqualTo(MAX_ATTEMPTS);
  }
}
