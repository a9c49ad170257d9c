package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.SplittableRandom;

/** Values from small to large. */
final class ValueSizes implements Workload {
  private static final long MEGABYTE = 1 << 20;
  private static final Metric SET = new Metric("set", "MB/s set", true);
  private static final Metric GET = new Metric("get", "MB/s get", true);

  @Override
  public String name() {
    return "sizes";
  }

  @Override
  public String title() {
    return "Values of 100 bytes to 1 MB";
  }

  @Override
  public String description() {
    return "One thread sets new keys with an fsync per megabyte until all is durable, and then "
        + "reads random ones. The amount of data is about the same for each size. RocksDB keeps "
        + "values of 4 KB and more in BlobDB; SQLite has an ordinary table with an index for "
        + "values over 200 bytes.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    long bytes = 256L * scale.keys();
    List<Variant> all =
        List.of(
            sized("100 B", 100, bytes),
            sized("1 KB", 1 << 10, bytes),
            sized("64 KB", 1 << 16, bytes),
            sized("1 MB", 1 << 20, bytes));
    return scale.isBrief() ? List.of(all.get(1), all.get(3)) : all;
  }

  private static Variant sized(String label, int valueBytes, long bytes) {
    int keys = (int) Math.max(4, bytes / valueBytes);
    return Variant.ofKeys(keys).named(label).withValueBytes(valueBytes);
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SET, GET);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable() || kind == StoreKind.MAP;
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    double megabytes = (double) keys * trial.variant().valueBytes() / MEGABYTE;
    try (Store store = trial.openSpare("sizes", Discipline.PER_MEGABYTE)) {
      set(trial, store, Math.max(2, keys / 2));
      get(trial, store, Math.max(2, keys / 2));
    }
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      Meter meter = new Meter();
      set(trial, store, keys);
      trial.report(SET, megabytes * 1e9 / meter.nanos());
      trial.awaitQuiet(store);
      meter = new Meter();
      get(trial, store, keys);
      trial.report(GET, megabytes * 1e9 / meter.nanos());
    }
  }

  private static void set(Trial trial, Store store, int keys) {
    for (int i = 0; i < keys; i++) {
      store.set(Keys.of(i), trial.values().of(i, 0));
    }
    store.flush();
  }

  private static void get(Trial trial, Store store, int keys) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < keys; i++) {
      int key = random.nextInt(keys);
      byte[] value = store.get(Keys.of(key));
      if (value == null) {
        throw new IllegalStateException(trial.kind().label() + " has lost " + Keys.of(key));
      }
      trial.values().version(key, value);
    }
  }
}
