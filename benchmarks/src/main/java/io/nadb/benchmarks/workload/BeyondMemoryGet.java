package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** How fast random keys are read when memory is smaller than the data. */
final class BeyondMemoryGet implements Workload {
  private static final int KILOBYTE = 1 << 10;
  private static final int SMALL_PER_LARGE = 5;
  private static final int BETWEEN_LOOKS_AT_THE_CLOCK = 64;
  private static final long MEGABYTE = 1L << 20;

  /** What NADB's index and a collector that works on it need for each key. */
  private static final int HEAP_PER_KEY = 38;

  private static final int RECORD_OVERHEAD = 70;

  /** One byte in so many of the data is in memory beside heap and JVM. */
  private static final int CACHED = 8;

  private static final Metric READ = new Metric("read", "KB read/get", false);
  private static final Path IO = Path.of("/proc/self/io");

  @Override
  public String name() {
    return "get-beyond";
  }

  @Override
  public String title() {
    return "Random get, memory smaller than the data";
  }

  @Override
  public String description() {
    return "One thread reads random keys in a JVM that a control group gives memory for its heap "
        + "(38 bytes a key and 64 MB), 70 MB for itself, and an eighth of the data; the same for "
        + "each store. What the page cache had of the files was dropped before. LMDB is opened "
        + "with `MDB_NORDAHEAD`, RocksDB with a cache of 32 MB, NADB as it is by default. Where no "
        + "control group can be made (it takes Linux and root), this is left out.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    int keys = scale.isBrief() ? SMALL_PER_LARGE * scale.keys() : scale.big();
    return List.of(
        Variant.ofKeys(keys).named(Variant.count(keys) + " keys of 100 B"),
        Variant.ofKeys(keys / SMALL_PER_LARGE)
            .named(Variant.count(keys / SMALL_PER_LARGE) + " keys of 1 KB")
            .withValueBytes(KILOBYTE));
  }

  @Override
  public Optional<Memory> memory(Variant variant) {
    long heap = 64 * MEGABYTE + (long) variant.keys() * HEAP_PER_KEY;
    long data = (long) variant.keys() * (variant.valueBytes() + RECORD_OVERHEAD);
    return Optional.of(new Memory(heap, heap + 70 * MEGABYTE + data / CACHED));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.GETS, READ);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind == StoreKind.NADB || kind == StoreKind.LMDB || kind == StoreKind.ROCKSDB;
  }

  @Override
  public Optional<Template> template(Variant variant) {
    return Optional.of(Template.of(variant));
  }

  @Override
  public void run(Trial trial) throws Exception {
    PageCache.drop(trial.storeDirectory());
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE).asBeyondMemory())) {
      read(trial, store, trial.scale().millis() / 2, 1);
      long before = bytesRead();
      Meter meter = new Meter();
      long count = read(trial, store, 2 * trial.scale().millis(), 2);
      trial.report(Metric.GETS, count * 1e9 / meter.nanos());
      trial.report(READ, (bytesRead() - before) / 1024.0 / count);
    }
  }

  /** What the process has had the disk read; 0 where that is not told. */
  private static long bytesRead() throws IOException {
    if (Files.isReadable(IO)) {
      for (String line : Files.readAllLines(IO)) {
        if (line.startsWith("read_bytes:")) {
          return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
        }
      }
    }
    return 0;
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
