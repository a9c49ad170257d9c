package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.TransactionalStore;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** One thread's transfers between random accounts of a {@link Bank}, one after the other. */
final class Teller implements Callable<Long>, Consumer<TransactionalStore.Access> {
  private final TransactionalStore store;
  private final SplittableRandom random;
  private final int accounts;
  private final int millis;
  private final Histogram times = new Histogram(3);
  private String from = "";
  private String to = "";
  private long amount;
  private long attempts;
  private long moved;

  Teller(TransactionalStore store, int seed, int accounts, int millis) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    this.accounts = accounts;
    this.millis = millis;
  }

  /** Transfers until the time is over, and returns how often. */
  @Override
  public Long call() {
    long now = System.nanoTime();
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    while (now < end) {
      transfer();
      long then = now;
      now = System.nanoTime();
      times.recordValue(now - then);
    }
    return committed();
  }

  private void transfer() {
    int one = random.nextInt(accounts);
    int other = random.nextInt(accounts - 1);
    other += other < one ? 0 : 1;
    // Always in the same order, as who locks does to have no deadlocks.
    int first = Math.min(one, other);
    int second = Math.max(one, other);
    from = Keys.of(first);
    to = Keys.of(second);
    amount = random.nextLong();
    store.transact(this);
    moved += amount * (Bank.weight(second) - Bank.weight(first));
  }

  /** Does the transfer once; what comes of it is for the store to say. */
  @Override
  public void accept(TransactionalStore.Access access) {
    attempts++;
    byte[] payer = Bank.account(access, from);
    byte[] payee = Bank.account(access, to);
    Bank.add(payer, -amount);
    Bank.add(payee, amount);
    access.set(from, payer);
    access.set(to, payee);
  }

  /** How often it has tried. */
  long attempts() {
    return attempts;
  }

  /** How many transfers were committed. */
  long committed() {
    return times.getTotalCount();
  }

  /** By how much these have moved the sum of the bank. */
  long moved() {
    return moved;
  }

  /** How long each took, from the first attempt on, in nanoseconds. */
  Histogram times() {
    return times;
  }
}
