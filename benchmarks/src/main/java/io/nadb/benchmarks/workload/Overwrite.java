package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** How fast existing keys get new values. */
final class Overwrite implements Workload {

  @Override
  public String name() {
    return "overwrite";
  }

  @Override
  public String title() {
    return "Overwrite of random keys";
  }

  @Override
  public String description() {
    return "One thread gives new values to random keys of a filled store, with an fsync per "
        + "megabyte, as many times as the store of the usual size has keys; the clock stops when "
        + "all is durable. Half as many before it, or more if that is done too soon, warm up.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return RandomGet.sizes(scale);
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
  public Optional<Template> template(Variant variant) {
    return Optional.of(Template.of(variant));
  }

  @Override
  public void run(Trial trial) throws Exception {
    int count = trial.scale().keys();
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      trial.warmUp(() -> overwrite(trial, store, count / 2, 1));
      trial.awaitQuiet(store);
      Meter meter = new Meter();
      overwrite(trial, store, count, 2);
      trial.report(Metric.SETS, count * 1e9 / meter.nanos());
      trial.awaitQuiet(store);
      trial.report(Metric.CPU, meter.cpuNanos() / 1e3 / count);
      trial.verify(store, trial.variant().keys(), 101);
    }
  }

  private static void overwrite(Trial trial, Store store, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int keys = trial.variant().keys();
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(keys);
      store.set(Keys.of(key), trial.values().of(key, 1 + i % Values.MAX_VERSION));
    }
    store.flush();
  }
}
