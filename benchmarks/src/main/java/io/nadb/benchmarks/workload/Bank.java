package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.store.TransactionalStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Accounts between which {@link Teller}s transfer, and the proof that no transfer got lost, took
 * place twice, or did so by half: what all accounts sum up to.
 *
 * <p>In the sum each balance is multiplied by a number of its account's own. So it does not stay as
 * it is, but moves with each transfer by what the transfer knows, and would show also one that is
 * lost as a whole. Balances are 64 bits of a value and overflow, which sums do not mind.
 */
final class Bank {
  private static final int BALANCE_AT = Long.BYTES;
  private static final int AT_ONCE = 1000;

  private final TransactionalStore store;
  private final int accounts;
  private int hired;
  private long sum;

  /** Opens accounts in a store that is new. */
  Bank(TransactionalStore store, Values values, int accounts) {
    this.store = store;
    this.accounts = accounts;
    for (int from = 0; from < accounts; from += AT_ONCE) {
      int first = from;
      store.transact(
          access -> {
            for (int i = first; i < Math.min(first + AT_ONCE, accounts); i++) {
              access.set(Keys.of(i), values.of(i, 0));
            }
          });
    }
    store.flush();
    for (int i = 0; i < accounts; i++) {
      sum += balance(values.of(i, 0)) * weight(i);
    }
  }

  /**
   * Has new tellers transfer at the same time.
   *
   * @param among between how many of the accounts
   * @return the tellers, who have stopped
   */
  List<Teller> transfer(int threads, int among, int millis) throws Exception {
    List<Teller> tellers = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      tellers.add(new Teller(store, hired++, among, millis));
    }
    Threads.sum(threads, tellers::get);
    tellers.forEach(teller -> sum += teller.moved());
    return tellers;
  }

  /**
   * Sums up all accounts.
   *
   * @throws IllegalStateException if the sum is wrong
   */
  void audit() {
    long[] found = new long[1];
    for (int from = 0; from < accounts; from += AT_ONCE) {
      int first = from;
      long before = found[0];
      store.transact(
          access -> {
            found[0] = before;
            for (int i = first; i < Math.min(first + AT_ONCE, accounts); i++) {
              found[0] += balance(account(access, Keys.of(i))) * weight(i);
            }
          });
    }
    if (found[0] != sum) {
      throw new IllegalStateException(
          "transfers were lost or took place by half: the accounts sum up to "
              + found[0]
              + " in place of "
              + sum);
    }
  }

  static byte[] account(TransactionalStore.Access access, String key) {
    byte[] value = access.get(key);
    if (value == null) {
      throw new IllegalStateException("account " + key + " is lost");
    }
    return value;
  }

  static long balance(byte[] value) {
    return ByteBuffer.wrap(value).getLong(BALANCE_AT);
  }

  static void add(byte[] value, long amount) {
    ByteBuffer.wrap(value).putLong(BALANCE_AT, balance(value) + amount);
  }

  /** What a balance is multiplied by in the sum. */
  static long weight(int account) {
    return Keys.mix(account);
  }
}
