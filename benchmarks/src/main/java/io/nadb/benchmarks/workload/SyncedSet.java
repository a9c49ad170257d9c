package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Sets that return when they are on disk. */
final class SyncedSet implements Workload {
  private static final Metric P99 = new Metric("p99", "p99 µs", false);

  @Override
  public String name() {
    return "synced";
  }

  @Override
  public String title() {
    return "Set that returns when it is on disk";
  }

  @Override
  public String description() {
    return "Each set waits for an fsync; NADB with `durability=synced`, RocksDB with `sync`, the "
        + "others with a transaction of its own for each set. NADB and RocksDB let concurrent "
        + "writers share an fsync. MVStore has no transaction here, but `commit()` and `sync()`.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    Variant variant = Variant.ofKeys(scale.keys());
    return List.of(variant.named("1 thread"), variant.named("8 threads").withThreads(8));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.SETS, P99);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable() && !kind.isVariant();
  }

  @Override
  public void run(Trial trial) throws Exception {
    try (Store store = trial.open(trial.setup(Discipline.EACH).asShared())) {
      work(trial, store, new ConcurrentHistogram(3));
      Histogram times = new ConcurrentHistogram(3);
      Meter meter = new Meter();
      long count = work(trial, store, times);
      trial.report(Metric.SETS, count * 1e9 / meter.nanos());
      trial.report(P99, times.getValueAtPercentile(99) / 1e3);
    }
  }

  private static long work(Trial trial, Store store, Histogram times) throws Exception {
    int threads = trial.variant().threads();
    return Threads.sum(
        threads,
        thread ->
            () -> {
              long count = 0;
              long now = System.nanoTime();
              long end = now + TimeUnit.MILLISECONDS.toNanos(trial.scale().millis());
              for (int key = thread; now < end; key += threads, count++) {
                store.set(Keys.of(key), trial.values().of(key, 0));
                long then = now;
                now = System.nanoTime();
                times.recordValue(now - then);
              }
              return count;
            });
  }
}
