package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Labels;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import java.time.Duration;
import java.util.List;

/** Entries with tags and TTL: written until a query finds them, and then found again. */
final class Tags implements Workload {
  private static final int GROUPS = 100;
  private static final int QUERIES = 20;
  private static final Duration TTL = Duration.ofHours(1);
  private static final Metric QUERY = new Metric("query", "ms/query", false);

  @Override
  public String name() {
    return "tags";
  }

  @Override
  public String title() {
    return "Entries with two tags and a TTL";
  }

  @Override
  public String description() {
    return "One thread sets new keys with two tags and a TTL, with an fsync per megabyte; the "
        + "clock stops when all is durable and a query by tag has returned the hundredth of them "
        + "that it should. After that, queries by other tags, each for 1 % of the entries, in key "
        + "order and without the expired. No peer has tags or a TTL for each key: their entries "
        + "carry both, and an index by `tag 0 key` and one by expiry time were built by hand "
        + "(column families, databases, tables; in SQLite clustered ones), written in the same "
        + "transaction as the entry (MVStore has none). Setting reads the entry that is "
        + "replaced, to remove its postings. NADB's query returns whole metadata, the peers' the "
        + "keys alone.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(scale.keys()));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.SETS, QUERY, Metric.CPU);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind.scans();
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (Store spare = trial.open(trial.spare("tags", Discipline.PER_MEGABYTE).asLabelled())) {
      trial.warmUp(() -> fill(trial, spare, keys / 4));
      int[] number = new int[1];
      trial.warmUp(() -> query(spare, number[0]++, keys / 4));
    }
    try (Store store = trial.open(trial.setup(Discipline.PER_MEGABYTE).asLabelled())) {
      Meter meter = new Meter();
      fill(trial, store, keys);
      query(store, 0, keys);
      trial.report(Metric.SETS, keys * 1e9 / meter.nanos());
      trial.awaitQuiet(store);
      trial.report(Metric.CPU, meter.cpuNanos() / 1e3 / keys);
      for (int i = 0; i < QUERIES; i++) {
        query(store, i, keys);
      }
      meter = new Meter();
      for (int i = 0; i < QUERIES; i++) {
        query(store, QUERIES + i, keys);
      }
      trial.report(QUERY, meter.nanos() / 1e6 / QUERIES);
    }
  }

  private static void fill(Trial trial, Store store, int keys) {
    for (int i = 0; i < keys; i++) {
      store.set(
          Keys.of(i),
          trial.values().of(i, 0),
          new Labels(List.of(group(i % GROUPS), "kind-" + i % 7), TTL));
    }
    store.flush();
  }

  private static String group(int number) {
    return "group-" + number;
  }

  private static void query(Store store, int number, int keys) {
    int group = number % GROUPS;
    int expected = keys / GROUPS + (group < keys % GROUPS ? 1 : 0);
    List<String> found = store.keysWithTag(group(group));
    if (found.size() != expected) {
      throw new IllegalStateException(
          group(group) + " has " + found.size() + " entries instead of " + expected);
    }
  }
}
