package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.stream.IntStream;

/** Listing of the keys with a prefix. */
final class Listing implements Workload {
  private static final int LISTINGS = 50;
  private static final Metric LISTING = new Metric("listing", "ms", false);
  private static final Metric FIRST = new Metric("first", "ms right after the load", false);

  @Override
  public String name() {
    return "listing";
  }

  @Override
  public String title() {
    return "Listing by prefix";
  }

  @Override
  public String description() {
    return "The keys with a prefix that one key in 1,024 has are listed, in order: once right after "
        + "the store was filled, since it may have put work off until then, and then over and over "
        + "again.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(scale.keys()));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(LISTING, FIRST);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.scans();
  }

  @Override
  public void run(Trial trial) throws Exception {
    List<String> prefixes =
        IntStream.range(0, LISTINGS).mapToObj(i -> Keys.of(i).substring(0, 3)).toList();
    long expected =
        IntStream.range(0, trial.variant().keys())
            .filter(i -> Keys.of(i).startsWith(prefixes.get(0)))
            .count();
    try (Store store = trial.open(trial.setup(Discipline.AT_FLUSH))) {
      for (int i = 0; i < trial.variant().keys(); i++) {
        store.set(Keys.of(i), trial.values().of(i, 0));
      }
      store.flush();
      Meter meter = new Meter();
      int found = store.keys(prefixes.get(0)).size();
      trial.report(FIRST, meter.nanos() / 1e6);
      if (found != expected) {
        throw new IllegalStateException("listed " + found + " keys instead of " + expected);
      }
      prefixes.forEach(store::keys);
      trial.awaitQuiet(store);
      meter = new Meter();
      prefixes.forEach(store::keys);
      trial.report(LISTING, meter.nanos() / 1e6 / LISTINGS);
    }
  }
}
