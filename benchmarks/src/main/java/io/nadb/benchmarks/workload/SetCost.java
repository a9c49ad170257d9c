package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;

/** What a buffered {@code set} costs its caller. */
final class SetCost implements Workload {
  private static final int MOST = 500_000;
  private static final int REPETITIONS = 4;
  private static final Metric NANOS = new Metric("set", "ns/set", false);

  @Override
  public String name() {
    return "set";
  }

  @Override
  public String title() {
    return "Buffered set";
  }

  @Override
  public String description() {
    return "New keys are set in a new store as fast as one thread can, with nothing to wait for: "
        + "NADB with `buffer=128mb`, which holds them all; the others in one transaction or "
        + "without sync. The time of making the key is included. The last of "
        + REPETITIONS
        + " repetitions counts.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(Math.min(MOST, scale.keys())));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(NANOS);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return !kind.isVariant();
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    double nanos = 0;
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      try (Store store = trial.openSpare("set" + repetition, Discipline.AT_FLUSH)) {
        System.gc();
        Meter meter = new Meter();
        for (int i = 0; i < keys; i++) {
          store.set(Keys.of(i), trial.values().of(i, 0));
        }
        nanos = (double) meter.nanos() / keys;
        trial.verify(store, keys, 101);
      }
    }
    trial.report(NANOS, nanos);
  }
}
