package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.stream.IntStream;

/** How fast an empty store is filled. */
final class Load implements Workload {

  @Override
  public String name() {
    return "load";
  }

  @Override
  public String title() {
    return "Sustained load";
  }

  @Override
  public String description() {
    return "One thread sets new keys in random order, with an fsync per megabyte; the clock stops "
        + "when all is durable. Chronicle Map is left out: it cannot make an entry durable.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return IntStream.of(scale.keys(), scale.big()).distinct().mapToObj(Variant::ofKeys).toList();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.SETS, Metric.CPU);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable() || kind == StoreKind.MAP;
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store store = trial.openSpare("load", Discipline.PER_MEGABYTE)) {
      trial.warmUp(() -> fill(trial, store, Math.min(keys, trial.scale().keys()) / 2));
      trial.awaitQuiet(store);
    }
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      Meter meter = new Meter();
      fill(trial, store, keys);
      trial.report(Metric.SETS, keys * 1e9 / meter.nanos());
      trial.awaitQuiet(store);
      trial.report(Metric.CPU, meter.cpuNanos() / 1e3 / keys);
      trial.verify(store, keys, 101);
    }
  }

  private static void fill(Trial trial, Store store, int keys) {
    for (int i = 0; i < keys; i++) {
      store.set(Keys.of(i), trial.values().of(i, 0));
    }
    store.flush();
  }
}
