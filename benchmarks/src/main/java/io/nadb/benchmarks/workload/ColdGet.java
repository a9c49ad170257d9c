package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** How fast random keys are read that only the disk has. */
final class ColdGet implements Workload {
  private static final int VALUE_BYTES = 1 << 10;

  @Override
  public String name() {
    return "get-cold";
  }

  @Override
  public String title() {
    return "Random get, from disk";
  }

  @Override
  public String description() {
    return "One thread reads random keys with values of 1 KB, a fiftieth of all, right after the "
        + "store's files were dropped from the page cache (`posix_fadvise` by way of `dd "
        + "iflag=nocache`) and the store was opened: what reading is like where data is much "
        + "larger than memory. Opening is not timed, and what it reads stays in memory.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(scale.keys()).withValueBytes(VALUE_BYTES));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.GETS);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable() && !kind.isVariant();
  }

  @Override
  public Optional<Template> template(Variant variant) {
    return Optional.of(Template.of(variant));
  }

  @Override
  public void run(Trial trial) throws Exception {
    int count = Math.max(100, trial.variant().keys() / 50);
    try (Store store = trial.openSpare("cold", Discipline.PER_MEGABYTE)) {
      for (int i = 0; i < count; i++) {
        store.set(Keys.of(i), trial.values().of(i, 0));
      }
      store.flush();
      read(trial, store, count, count);
    }
    if (!PageCache.drop(trial.storeDirectory())) {
      return;
    }
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      Meter meter = new Meter();
      read(trial, store, trial.variant().keys(), count);
      trial.report(Metric.GETS, count * 1e9 / meter.nanos());
    }
  }

  private static void read(Trial trial, Store store, int keys, int count) {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(keys);
      byte[] value = store.get(Keys.of(key));
      if (value == null) {
        throw new IllegalStateException(trial.kind().label() + " has lost " + Keys.of(key));
      }
      trial.values().version(key, value);
    }
  }
}
