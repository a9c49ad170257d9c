package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long single sets take while flushes go on. */
final class SetLatency implements Workload {
  private static final int PACE = 20_000;
  private static final Metric P50 = new Metric("p50", "p50 µs", false);
  private static final Metric P99 = new Metric("p99", "p99 µs", false);
  private static final Metric P999 = new Metric("p99.9", "p99.9 µs", false);
  private static final Metric MAX = new Metric("max", "max µs", false);

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String title() {
    return "Latency of a buffered set";
  }

  @Override
  public String description() {
    return "One thread sets keys with an fsync per megabyte, and each call is timed: once as fast "
        + "as it can, and once at 20,000 sets a second, where the time counts from the moment at "
        + "which the call was due, so that a pause is felt by all calls that it delays. RocksDB's "
        + "batches are left out: what is put into one is in no store until the batch is written.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(
        Variant.ofKeys(scale.keys()).named("full speed"),
        Variant.ofKeys(scale.keys()).named("20 k/s").withAmount(PACE));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(P999, P50, P99, MAX);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind != StoreKind.ROCKSDB_BATCH && (kind.isDurable() || kind == StoreKind.MAP);
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store store = trial.openSpare("latency", Discipline.PER_MEGABYTE)) {
      trial.warmUp(() -> fullSpeed(trial, store, keys / 2));
    }
    Histogram times;
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      times =
          trial.variant().amount() == 0
              ? fullSpeed(trial, store, keys)
              : paced(trial, store, trial.variant().amount());
    }
    trial.report(P50, micros(times.getValueAtPercentile(50)));
    trial.report(P99, micros(times.getValueAtPercentile(99)));
    trial.report(P999, micros(times.getValueAtPercentile(99.9)));
    trial.report(MAX, micros(times.getMaxValue()));
  }

  private static double micros(long nanos) {
    return nanos / 1e3;
  }

  private static Histogram fullSpeed(Trial trial, Store store, int count) {
    Histogram times = new Histogram(3);
    for (int i = 0; i < count; i++) {
      String key = Keys.of(i);
      byte[] value = trial.values().of(i, 0);
      long start = System.nanoTime();
      store.set(key, value);
      times.recordValue(System.nanoTime() - start);
    }
    return times;
  }

  private static Histogram paced(Trial trial, Store store, int rate) {
    Histogram times = new Histogram(3);
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    int count = (int) (2L * trial.scale().millis() * rate / 1000);
    long due = System.nanoTime();
    for (int i = 0; i < count; i++) {
      String key = Keys.of(i);
      byte[] value = trial.values().of(i, 0);
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      store.set(key, value);
      times.recordValue(System.nanoTime() - due);
      due += gap;
    }
    return times;
  }
}
