package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;

/** What a store keeps on the heap. */
final class HeapPerKey implements Workload {
  private static final Metric HEAP = new Metric("heap", "bytes/key", false);

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public String title() {
    return "Heap per key";
  }

  @Override
  public String description() {
    return "What the heap holds more than before the store was opened, after it was filled (with an "
        + "fsync per megabyte), all "
        + "is quiet, and garbage was collected. Memory outside the heap is not counted: RocksDB's "
        + "and SQLite's caches, mapped files.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return IntStream.of(scale.keys(), scale.big()).distinct().mapToObj(Variant::ofKeys).toList();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(HEAP);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return !kind.isVariant();
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store store = trial.openSpare("heap", Discipline.PER_MEGABYTE)) {
      store.set(Keys.of(0), trial.values().of(0, 0));
      store.get(Keys.of(0));
    }
    long before = used();
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      for (int i = 0; i < keys; i++) {
        store.set(Keys.of(i), trial.values().of(i, 0));
      }
      store.flush();
      trial.awaitQuiet(store);
      trial.report(HEAP, (double) (used() - before) / keys);
      trial.verify(store, keys, 1009);
    }
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
