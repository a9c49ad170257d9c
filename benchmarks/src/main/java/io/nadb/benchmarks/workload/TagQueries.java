package io.nadb.benchmarks.workload;

import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.QueryPage;
import io.nadb.SetOptions;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.store.Stores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Questions by tags, in pages, as a number and for the tags themselves, of a store just opened. */
final class TagQueries implements Workload {
  private static final int GROUPS = 10;
  private static final int KINDS = 7;
  private static final int SHELVES = 100;
  private static final int PAGE = 50;
  private static final int PAGES = 2000;
  private static final int QUESTIONS = 50;
  private static final Metric FIRST_COUNT = new Metric("first-count", "ms, the first count", false);
  private static final Metric FIRST_PAGE =
      new Metric("first-page", "ms, then the first page", false);
  private static final Metric PAGED = new Metric("page", "ms/page", false);
  private static final Metric VALUES = new Metric("values", "ms/page with values", false);
  private static final Metric COUNT = new Metric("count", "ms/count", false);
  private static final Metric TAGS = new Metric("tags", "ms/tags()", false);

  @Override
  public String name() {
    return "queries";
  }

  @Override
  public String title() {
    return "Queries by tags";
  }

  @Override
  public String description() {
    return "Entries with three tags, of which the first is on a tenth of them, the second on a "
        + "seventh, the third on a hundredth; NADB alone, since no peer has such questions. After "
        + "opening, the first count by the first tag, and then the first page of "
        + PAGE
        + " by the first two, which make the lists; then, once warm, such pages, and such with "
        + "values, at depths drawn at random, counts by the first tag, and all tags with their "
        + "numbers.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(scale.keys()));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(PAGED, VALUES, COUNT, TAGS, FIRST_COUNT, FIRST_PAGE);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind == StoreKind.NADB;
  }

  @Override
  public void run(Trial trial) throws Exception {
    int keys = trial.variant().keys();
    try (KeyValueStore store = open(trial)) {
      fill(trial, store, keys);
    }
    try (KeyValueStore store = open(trial)) {
      Query group = store.query().allTags("group-3");
      Query both = group.allTags("kind-2").limit(PAGE);
      trial.report(FIRST_COUNT, millis(1, i -> check(group.count(), keys, 3, GROUPS)));
      trial.report(FIRST_PAGE, millis(1, i -> both.page()));
      List<@Nullable String> cursors = cursors(both);
      Random random = new Random(1);
      trial.warmUp(() -> both.after(any(cursors, random)).page());
      trial.report(PAGED, millis(PAGES, i -> both.after(any(cursors, random)).page()));
      trial.report(VALUES, millis(PAGES, i -> both.after(any(cursors, random)).pageWithValues()));
      trial.warmUp(group::count);
      trial.report(COUNT, millis(QUESTIONS, i -> check(group.count(), keys, 3, GROUPS)));
      trial.warmUp(store::tags);
      trial.report(TAGS, millis(QUESTIONS, i -> store.tags()));
    }
  }

  private static KeyValueStore open(Trial trial) throws IOException {
    return Stores.openNadb(trial.setup(Discipline.PER_MEGABYTE));
  }

  private static void fill(Trial trial, KeyValueStore store, int keys) {
    for (int i = 0; i < keys; i++) {
      store.set(
          Keys.of(i),
          trial.values().of(i, 0),
          SetOptions.tags("group-" + i % GROUPS, "kind-" + i % KINDS, "shelf-" + i % SHELVES));
    }
  }

  /** Where each page begins. */
  private static List<@Nullable String> cursors(Query query) {
    List<@Nullable String> cursors = new ArrayList<>();
    String cursor = null;
    do {
      cursors.add(cursor);
      QueryPage<?> page = query.after(cursor).page();
      cursor = page.cursor();
    } while (cursor != null);
    return cursors;
  }

  private static @Nullable String any(List<@Nullable String> cursors, Random random) {
    return cursors.get(random.nextInt(cursors.size()));
  }

  private static double millis(int count, IntConsumer question) {
    Meter meter = new Meter();
    for (int i = 0; i < count; i++) {
      question.accept(i);
    }
    return meter.nanos() / 1e6 / count;
  }

  /** Fails unless a count is that of the keys whose numbers leave a rest. */
  private static void check(long found, int keys, int rest, int divisor) {
    int expected = keys / divisor + (rest < keys % divisor ? 1 : 0);
    if (found != expected) {
      throw new IllegalStateException("counted " + found + " entries instead of " + expected);
    }
  }
}
