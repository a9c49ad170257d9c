package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;

/** What the copy of all metadata costs that NADB keeps for SQL tools. */
final class SqlCopy implements Workload {
  private static final Metric LATER = new Metric("later", "s until it has caught up", false);

  @Override
  public String name() {
    return "metadata";
  }

  @Override
  public String title() {
    return "The copy for SQL tools";
  }

  @Override
  public String description() {
    return "One thread sets new keys, with an fsync per megabyte, without (`metadata=none`, as in "
        + "all workloads that do not name `nadb-sql`) and with the copy of all metadata in an SQLite database "
        + "(`metadata=sqlite`, the default), which nothing but SQL tools reads. It is written "
        + "afterwards, in idle time, by a thread that rests nine times as long as it works; the "
        + "processor's time is that until it has caught up.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(Math.max(1, scale.keys() / 10)));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.SETS, Metric.CPU, LATER);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind == StoreKind.NADB || kind == StoreKind.NADB_SQL;
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store store = trial.openSpare("metadata", Discipline.PER_MEGABYTE)) {
      trial.warmUp(() -> fill(trial, store, keys));
    }
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      Meter all = new Meter();
      fill(trial, store, keys);
      trial.report(Metric.SETS, keys * 1e9 / all.nanos());
      Meter rest = new Meter();
      trial.awaitQuiet(store);
      if (store.hasBacklog()) {
        throw new IllegalStateException("the copy has not caught up in time");
      }
      trial.report(LATER, rest.nanos() / 1e9);
      trial.report(Metric.CPU, all.cpuNanos() / 1e3 / keys);
    }
  }

  private static void fill(Trial trial, Store store, int keys) {
    for (int i = 0; i < keys; i++) {
      store.set(Keys.of(i), trial.values().of(i, 0));
    }
    store.flush();
  }
}
