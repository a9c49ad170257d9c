package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Setup;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.store.Stores;
import io.nadb.benchmarks.store.TransactionalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ObjDoubleConsumer;

/** One store doing one workload once, in a directory of its own. */
public final class Trial {
  private final StoreKind kind;
  private final Scale scale;
  private final Variant variant;
  private final boolean filled;
  private final Path directory;
  private final ObjDoubleConsumer<Metric> results;
  private final Values values;

  /**
   * Prepares a trial.
   *
   * @param filled whether the store holds something before
   * @param directory has a folder {@code store}, with what the store holds before
   */
  public Trial(
      StoreKind kind,
      Scale scale,
      Variant variant,
      boolean filled,
      Path directory,
      ObjDoubleConsumer<Metric> results) {
    this.kind = kind;
    this.scale = scale;
    this.variant = variant;
    this.filled = filled;
    this.directory = directory;
    this.results = results;
    this.values = new Values(variant.valueBytes());
  }

  StoreKind kind() {
    return kind;
  }

  Scale scale() {
    return scale;
  }

  Variant variant() {
    return variant;
  }

  Values values() {
    return values;
  }

  /** The directory of the store that is measured. */
  Path storeDirectory() {
    return directory.resolve("store");
  }

  /** How the store that is measured is opened. */
  Setup setup(Discipline discipline) {
    return Setup.of(storeDirectory(), discipline, variant.keys(), variant.valueBytes());
  }

  /** Opens a new store that is only there to warm up the code. */
  Store openSpare(String name, Discipline discipline) throws IOException {
    return open(spare(name, discipline));
  }

  /** How a new store is opened that is only there to warm up the code. */
  Setup spare(String name, Discipline discipline) throws IOException {
    Path spare = Files.createDirectories(directory.resolve("spare-" + name));
    return Setup.of(spare, discipline, variant.keys(), variant.valueBytes());
  }

  Store open(Setup setup) {
    Store store = Stores.open(kind, setup);
    if (kind == StoreKind.MAP && filled && setup.directory().equals(storeDirectory())) {
      for (int i = 0; i < variant.keys(); i++) {
        store.set(Keys.of(i), values.of(i, 0));
      }
    }
    return store;
  }

  /** Opens a store for transactions. */
  TransactionalStore openTransactional(Setup setup) {
    return Stores.openTransactional(kind, setup);
  }

  void report(Metric metric, double value) {
    results.accept(metric, value);
  }

  /** Does something until the code has had the time to be compiled, and once at least. */
  void warmUp(Runnable work) {
    Meter meter = new Meter();
    do {
      work.run();
    } while (meter.nanos() < TimeUnit.MILLISECONDS.toNanos(2L * scale.millis()));
  }

  /** Waits for the store's work in the background to end, within reason. */
  void awaitQuiet(Store store) throws InterruptedException {
    awaitQuiet(store::hasBacklog);
  }

  /** The same for a store that does not tell what it has put off. */
  void awaitQuiet() throws InterruptedException {
    awaitQuiet(() -> false);
  }

  private void awaitQuiet(BooleanSupplier backlog) throws InterruptedException {
    if (scale.name().equals(Scale.TINY.name())) {
      Quiet.awaitBriefly(backlog, scale.millis());
    } else {
      Quiet.await(backlog);
    }
  }

  /** Fails unless every {@code step}-th of {@code keys} keys has one of its values. */
  void verify(Store store, int keys, int step) {
    for (int i = 0; i < keys; i += step) {
      byte[] value = store.get(Keys.of(i));
      if (value == null) {
        throw new IllegalStateException(kind.label() + " has lost key " + Keys.of(i));
      }
      values.version(i, value);
    }
  }
}
