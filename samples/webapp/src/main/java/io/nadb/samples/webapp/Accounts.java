package io.nadb.samples.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.Transaction;

/** Accounts that money is moved between: none is made, none is lost, none is overdrawn. */
final class Accounts {
  private final KeyValueStore store;

  Accounts(KeyValueStore store) {
    this.store = store;
  }

  /** Pays in. */
  void deposit(String account, long amount) {
    store.increment(account, amount);
  }

  long balance(String account) {
    return store.get(account).map(Accounts::number).orElse(0L);
  }

  /** Moves an amount, unless that would overdraw the account; returns whether it has. */
  boolean transfer(String from, String to, long amount) {
    return store.transaction(
        tx -> {
          long left = balance(tx, from) - amount;
          if (left < 0) {
            return false;
          }
          tx.set(from, text(left));
          tx.set(to, text(balance(tx, to) + amount));
          return true;
        });
  }

  private static long balance(Transaction tx, String account) {
    return tx.get(account).map(Accounts::number).orElse(0L);
  }

  private static long number(byte[] value) {
    return Long.parseLong(new String(value, UTF_8));
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }
}
