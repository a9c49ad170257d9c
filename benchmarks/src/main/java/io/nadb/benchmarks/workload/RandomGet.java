package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** How fast random keys are read while everything fits into memory. */
final class RandomGet implements Workload {
  private static final int BETWEEN_LOOKS_AT_THE_CLOCK = 256;

  @Override
  public String name() {
    return "get";
  }

  @Override
  public String title() {
    return "Random get, hot";
  }

  @Override
  public String description() {
    return "One thread reads random keys of a filled store that was left until it was quiet, closed and "
        + "opened again; every "
        + "byte is compared with what was set. Peers with a cache of their own have 1 GiB for it.";
  }

  /** From stores that fit into a processor's cache to the biggest. */
  static List<Variant> sizes(Scale scale) {
    int middle = scale.isBrief() ? scale.keys() : scale.keys() / 10;
    return IntStream.of(scale.keys() / 100, middle, scale.keys(), scale.big())
        .distinct()
        .mapToObj(Variant::ofKeys)
        .toList();
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return sizes(scale);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.GETS, Metric.CPU);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return !kind.isVariant();
  }

  @Override
  public Optional<Template> template(Variant variant) {
    return Optional.of(Template.of(variant));
  }

  @Override
  public void run(Trial trial) throws Exception {
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      read(trial, store, trial.scale().millis(), 1);
      trial.awaitQuiet(store);
      Meter meter = new Meter();
      long count = read(trial, store, trial.scale().millis(), 2);
      trial.report(Metric.GETS, count * 1e9 / meter.nanos());
      trial.report(Metric.CPU, meter.cpuNanos() / 1e3 / count);
    }
  }

  private static long read(Trial trial, Store store, int millis, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long count = 0;
    do {
      for (int i = 0; i < BETWEEN_LOOKS_AT_THE_CLOCK; i++) {
        int key = random.nextInt(trial.variant().keys());
        byte[] value = store.get(Keys.of(key));
        if (value == null) {
          throw new IllegalStateException(trial.kind().label() + " has lost " + Keys.of(key));
        }
        trial.values().version(key, value);
      }
      count += BETWEEN_LOOKS_AT_THE_CLOCK;
    } while (System.nanoTime() < end);
    return count;
  }
}
