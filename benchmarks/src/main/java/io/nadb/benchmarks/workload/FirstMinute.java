package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.SplittableRandom;

/** What a user meets who just tries it: a new JVM, a new store, the default options. */
final class FirstMinute implements Workload {
  private static final int SMALL = 500_000;
  private static final int LARGE = 2_000_000;
  private static final Metric LOADED = new Metric("loaded", "sets/s of new keys", true);
  private static final Metric OVERWRITTEN = new Metric("overwritten", "sets/s of known keys", true);

  @Override
  public String name() {
    return "first-minute";
  }

  @Override
  public String title() {
    return "The first minute";
  }

  @Override
  public String description() {
    return "In a JVM that has compiled nothing yet, one thread fills a new store, gives as many "
        + "random keys new values, and reads as many, one after the other, with an fsync per "
        + "megabyte and without a pause; each clock stops when all is durable. `nadb-sql` is the "
        + "default URL with no option at all, `nadb` is `metadata=none`.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(
        Variant.ofKeys(Math.min(SMALL, scale.keys())),
        Variant.ofKeys(scale.isBrief() ? 2 * scale.keys() : Math.min(LARGE, 2 * scale.keys())));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(LOADED, OVERWRITTEN, Metric.GETS);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable();
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE).asFirst())) {
      Meter meter = new Meter();
      for (int i = 0; i < keys; i++) {
        store.set(Keys.of(i), trial.values().of(i, 0));
      }
      store.flush();
      trial.report(LOADED, keys * 1e9 / meter.nanos());
      meter = new Meter();
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < keys; i++) {
        int key = random.nextInt(keys);
        store.set(Keys.of(key), trial.values().of(key, 1 + i % Values.MAX_VERSION));
      }
      store.flush();
      trial.report(OVERWRITTEN, keys * 1e9 / meter.nanos());
      meter = new Meter();
      for (int i = 0; i < keys; i++) {
        int key = random.nextInt(keys);
        byte[] value = store.get(Keys.of(key));
        if (value == null) {
          throw new IllegalStateException(trial.kind().label() + " has lost " + Keys.of(key));
        }
        trial.values().version(key, value);
      }
      trial.report(Metric.GETS, keys * 1e9 / meter.nanos());
    }
  }
}
