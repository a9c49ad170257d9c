package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/** What is left on disk when everything was overwritten. */
final class DiskSpace implements Workload {
  private static final int TIMES = 5;
  private static final int STRIDE = 1_000_003;
  private static final Metric SPACE = new Metric("space", "× live data", false);
  private static final Metric PEAK = new Metric("peak", "× live data at most", false);
  private static final Metric PAUSE = new Metric("pause", "ms for the slowest set", false);

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public String title() {
    return "Space on disk after five overwrites";
  }

  @Override
  public String description() {
    return "Each key of a filled store is overwritten five times, in an order without pattern, "
        + "with an fsync per megabyte. When all is quiet, the size of the store's files is "
        + "compared with that of its keys and values; the slowest single set shows what giving "
        + "space back cost.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(scale.keys()));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SPACE, PEAK, PAUSE);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.isDurable() && (!kind.isVariant() || kind == StoreKind.NADB_SQL);
  }

  @Override
  public Optional<Template> template(Variant variant) {
    return Optional.of(Template.of(variant));
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    double live = (double) keys * (Keys.LENGTH + trial.variant().valueBytes());
    long peak = 0;
    long slowest = 0;
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE))) {
      for (int time = 1; time <= TIMES; time++) {
        long key = time;
        for (int i = 0; i < keys; i++) {
          key = (key + STRIDE) % keys;
          long start = System.nanoTime();
          store.set(Keys.of(key), trial.values().of(key, time));
          slowest = Math.max(slowest, System.nanoTime() - start);
          if (i % 10_000 == 0) {
            peak = Math.max(peak, bytes(trial.storeDirectory()));
          }
        }
      }
      store.flush();
      trial.awaitQuiet(store);
      trial.report(SPACE, bytes(trial.storeDirectory()) / live);
      trial.report(PEAK, Math.max(peak, bytes(trial.storeDirectory())) / live);
      trial.report(PAUSE, slowest / 1e6);
      trial.verify(store, keys, 101);
    }
  }

  private static long bytes(Path directory) throws IOException {
    long[] bytes = new long[1];
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) { // It was deleted meanwhile.
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return bytes[0];
  }
}
