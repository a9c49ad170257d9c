package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Setup;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.store.TransactionalStore;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Transactions that read two keys and write them. */
final class Transactions implements Workload {
  private static final int MOST = 500_000;
  private static final int HOT = 100;
  private static final String SYNCED = "synced, 8 threads";
  private static final Metric COMMITTED = new Metric("transactions", "transactions/s", true);
  private static final Metric ABORTED = new Metric("aborted", "% aborted", false);
  private static final Metric P50 = new Metric("p50", "p50 µs", false);

  @Override
  public String name() {
    return "transactions";
  }

  @Override
  public String title() {
    return "Transactions of two reads and two writes";
  }

  @Override
  public String description() {
    return "Each transaction transfers between two random accounts: it reads two values and writes "
        + "them, with an fsync per megabyte, or with one before each commit returns (`synced`), "
        + "and runs again when it is aborted. After each trial, what all accounts sum up to shows "
        + "that no transfer was lost or done by half. RocksDB reads by `getForUpdate`, which its "
        + "OptimisticTransactionDB validates at the commit and its TransactionDB locks, always in "
        + "the same order, so that there are no deadlocks; MVStore locks by H2's TransactionStore; "
        + "LMDB has one writer at a time; Xodus runs again after any other commit. With an fsync "
        + "per megabyte, LMDB has `MDB_NOSYNC` and Xodus no durable writes, and both sync by hand. "
        + "MVStore is synced by `commit()` and `sync()` of the whole store.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    int keys = Math.min(MOST, scale.keys());
    Variant all = Variant.ofKeys(keys).withAmount(keys);
    return List.of(
        all.named("1 thread"),
        all.named("4 threads").withThreads(4),
        all.named("4 threads, 100 hot keys").withThreads(4).withAmount(Math.min(HOT, keys)),
        all.named(SYNCED).withThreads(8));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(COMMITTED, ABORTED, P50);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.hasTransactions();
  }

  @Override
  public void run(Trial trial) throws Exception {
    Variant variant = trial.variant();
    boolean synced = variant.label().equals(SYNCED);
    Setup setup = trial.setup(synced ? Discipline.EACH : Discipline.PER_MEGABYTE).asShared();
    try (TransactionalStore store = trial.openTransactional(setup)) {
      Bank bank = new Bank(store, trial.values(), variant.keys());
      int millis = trial.scale().millis();
      bank.transfer(variant.threads(), variant.amount(), millis);
      trial.awaitQuiet();
      Meter meter = new Meter();
      List<Teller> tellers = bank.transfer(variant.threads(), variant.amount(), millis);
      store.flush();
      long nanos = meter.nanos();
      bank.audit();
      report(trial, tellers, nanos);
    }
  }

  private static void report(Trial trial, List<Teller> tellers, long nanos) {
    long committed = tellers.stream().mapToLong(Teller::committed).sum();
    long attempts = tellers.stream().mapToLong(Teller::attempts).sum();
    Histogram times = new Histogram(3);
    tellers.forEach(teller -> times.add(teller.times()));
    trial.report(COMMITTED, committed * 1e9 / nanos);
    trial.report(ABORTED, 100.0 * (attempts - committed) / attempts);
    trial.report(P50, times.getValueAtPercentile(50) / 1e3);
  }
}
