package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Labels;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Removal of what has expired. */
final class Expiry implements Workload {
  private static final int EACH = 100;
  private static final int MAX_MILLIS = 500;
  private static final Metric SWEEP = new Metric("sweep", "ms", false);

  @Override
  public String name() {
    return "expiry";
  }

  @Override
  public String title() {
    return "Expiry of 1 % of the keys";
  }

  @Override
  public String description() {
    return "Every hundredth key of a filled store gets a TTL that passes; then all expired entries "
        + "are removed by one call, until that is durable. The peers' index by expiry time was "
        + "built by hand, as for tags.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(scale.keys()));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SWEEP);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.scans();
  }

  @Override
  public Optional<Template> template(Variant variant) {
    return Optional.of(Template.of(variant).asLabelled());
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE).asLabelled())) {
      expire(trial, store, 0);
      store.removeExpired();
      int expected = expire(trial, store, 1);
      Meter meter = new Meter();
      int removed = store.removeExpired();
      trial.report(SWEEP, meter.nanos() / 1e6);
      if (removed != expected) {
        throw new IllegalStateException(removed + " entries expired instead of " + expected);
      }
      if (store.get(Keys.of(1)) != null || store.get(Keys.of(2)) == null) {
        throw new IllegalStateException("the wrong entries expired");
      }
    }
    if (keys < 2 * EACH) {
      throw new IllegalStateException("too few keys");
    }
  }

  /** Gives every hundredth key a TTL and returns how many those are when it has passed. */
  private static int expire(Trial trial, Store store, int first) throws InterruptedException {
    Duration ttl = Duration.ofMillis(Math.min(MAX_MILLIS, trial.scale().millis()));
    int count = 0;
    for (int key = first; key < trial.variant().keys(); key += EACH) {
      store.set(Keys.of(key), trial.values().of(key, 0), new Labels(List.of("gone"), ttl));
      count++;
    }
    store.flush();
    Thread.sleep(ttl.toMillis() + 1);
    trial.awaitQuiet(store);
    return count;
  }
}
