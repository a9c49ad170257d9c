package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.data.Zipf;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Reads and writes at once, with keys of which few are used often. */
final class Mixed implements Workload {
  private static final int DRAWN = 1 << 20;
  private static final int BETWEEN_LOOKS_AT_THE_CLOCK = 64;
  private static final Metric OPERATIONS = new Metric("operations", "ops/s", true);

  @Override
  public String name() {
    return "mixed";
  }

  @Override
  public String title() {
    return "Reads and writes mixed, zipfian keys";
  }

  @Override
  public String description() {
    return "95 % or 50 % of the operations read, the others overwrite, with an fsync per megabyte; "
        + "keys follow a zipfian distribution (0.99, as in YCSB), scattered over the key space. A "
        + "read sees every write that has returned. LMDB, Xodus, SQLite and RocksDB's batches "
        + "cannot do that with one transaction that several threads share: they have a "
        + "`ConcurrentHashMap` of pending writes before them, built by hand.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    List<Variant> variants = new ArrayList<>();
    for (int reads : new int[] {95, 50}) {
      for (int threads : scale.isBrief() ? new int[] {4} : new int[] {1, 2, 4}) {
        variants.add(
            Variant.ofKeys(scale.keys())
                .named(reads + "/" + (100 - reads) + ", " + threads + "T")
                .withThreads(threads)
                .withAmount(reads));
      }
    }
    return variants;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(OPERATIONS, Metric.CPU);
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
    Zipf zipf = new Zipf(trial.variant().keys());
    List<int[]> ranks = new ArrayList<>();
    for (int thread = 0; thread < trial.variant().threads(); thread++) {
      ranks.add(zipf.draw(Math.min(DRAWN, 100 * trial.variant().keys()), thread));
    }
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE).asShared())) {
      work(trial, store, ranks);
      trial.awaitQuiet(store);
      Meter meter = new Meter();
      long count = work(trial, store, ranks);
      store.flush();
      trial.report(OPERATIONS, count * 1e9 / meter.nanos());
      trial.awaitQuiet(store);
      trial.report(Metric.CPU, meter.cpuNanos() / 1e3 / count);
    }
  }

  private static long work(Trial trial, Store store, List<int[]> ranks) throws Exception {
    return Threads.sum(ranks.size(), thread -> () -> work(trial, store, ranks.get(thread), thread));
  }

  private static long work(Trial trial, Store store, int[] ranks, int thread) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(trial.scale().millis());
    SplittableRandom random = new SplittableRandom(thread);
    int reads = trial.variant().amount();
    int keys = trial.variant().keys();
    int at = 0;
    long count = 0;
    do {
      int key = (int) Math.floorMod(Keys.mix(ranks[at]), (long) keys);
      at = at + 1 == ranks.length ? 0 : at + 1;
      if (random.nextInt(100) < reads) {
        byte[] value = store.get(Keys.of(key));
        if (value == null) {
          throw new IllegalStateException(trial.kind().label() + " has lost " + Keys.of(key));
        }
        trial.values().version(key, value);
      } else {
        store.set(Keys.of(key), trial.values().of(key, 1 + (int) (count & 7) % Values.MAX_VERSION));
      }
      count++;
    } while (count % BETWEEN_LOOKS_AT_THE_CLOCK != 0 || System.nanoTime() < end);
    return count;
  }
}
