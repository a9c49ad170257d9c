package io.nadb.benchmarks.workload;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nadb.KeyValueStore;
import io.nadb.Transaction;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.store.Stores;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/** What a change of one key costs that depends on what is there, and a transaction by itself. */
final class AtomicChanges implements Workload {
  private static final int MOST = 500_000;
  private static final int REPETITIONS = 4;
  private static final int TRANSACTIONS_PER_KEY = 10;
  private static final long COUNTED = 1_000_000;
  private static final Metric SET = new Metric("set", "ns/set", false);
  private static final Metric SET_IF_ABSENT =
      new Metric("setIfAbsent", "× set (setIfAbsent)", false);
  private static final Metric INCREMENT = new Metric("increment", "× set (increment)", false);
  private static final int TOUCHED = 64;
  private static final int ROUNDS = 50;
  private static final int SMALL = 100;
  private static final int LARGE = 1 << 20;
  private static final Duration TTL = Duration.ofHours(1);
  private static final Metric TOUCH =
      new Metric("touch", "µs/touch and flush, values of 100 B", false);
  private static final Metric TOUCH_LARGE =
      new Metric("touch1m", "µs/touch and flush, values of 1 MB", false);
  private static final Metric EMPTY = new Metric("transaction", "ns/empty transaction", false);

  @Override
  public String name() {
    return "atomic";
  }

  @Override
  public String title() {
    return "Atomic changes beside set";
  }

  @Override
  public String description() {
    return "One thread, and nothing to wait for (`buffer=128mb`), as for the buffered set: the time "
        + "of setting new keys; that of `setIfAbsent` on new keys, as a multiple of it; that of "
        + "`increment` as a multiple of setting the same keys anew to numbers of the same length; "
        + "that of `touch` on "
        + TOUCHED
        + " entries that are in the log, with a flush after each time that all are touched; "
        + "and that of a transaction that does nothing, `begin()` and `commit()`. The time of "
        + "making the key is included. The last of "
        + REPETITIONS
        + " repetitions counts.";
  }

  @Override
  public List<Variant> variants(Scale scale) {
    return List.of(Variant.ofKeys(Math.min(MOST, scale.keys())));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SET, SET_IF_ABSENT, INCREMENT, TOUCH, TOUCH_LARGE, EMPTY);
  }

  @Override
  public boolean includes(StoreKind kind) {
    return kind == StoreKind.NADB;
  }

  /** What one repetition has measured. */
  private record Costs(
      double set,
      double setIfAbsent,
      double increment,
      double touch,
      double touchLarge,
      double empty) {}

  @Override
  public void run(Trial trial) throws Exception {
    Costs costs = measure(trial, 0);
    for (int repetition = 1; repetition < REPETITIONS; repetition++) {
      costs = measure(trial, repetition);
    }
    trial.report(SET, costs.set);
    trial.report(SET_IF_ABSENT, costs.setIfAbsent);
    trial.report(INCREMENT, costs.increment);
    trial.report(TOUCH, costs.touch);
    trial.report(TOUCH_LARGE, costs.touchLarge);
    trial.report(EMPTY, costs.empty);
  }

  private static Costs measure(Trial trial, int repetition) throws IOException {
    int keys = trial.variant().keys();
    double set;
    try (KeyValueStore store = open(trial, "set" + repetition)) {
      set = nanos(keys, i -> store.set(Keys.of(i), trial.values().of(i, 0)));
    }
    double setIfAbsent;
    try (KeyValueStore store = open(trial, "set-if-absent" + repetition)) {
      setIfAbsent =
          nanos(keys, i -> check(store.setIfAbsent(Keys.of(i), trial.values().of(i, 0)), i));
    }
    double touch = touchMicros(trial, "touch" + repetition, SMALL);
    double touchLarge = touchMicros(trial, "touch-large" + repetition, LARGE);
    try (KeyValueStore store = open(trial, "increment" + repetition)) {
      byte[] number = Long.toString(COUNTED).getBytes(US_ASCII);
      nanos(keys, i -> store.set(Keys.of(i), number));
      double reset = nanos(keys, i -> store.set(Keys.of(i), number));
      double increment = nanos(keys, i -> check(store.increment(Keys.of(i), 1) == COUNTED + 1, i));
      double empty = nanos(TRANSACTIONS_PER_KEY * keys, i -> commitNothing(store));
      return new Costs(set, setIfAbsent / set, increment / reset, touch, touchLarge, empty);
    }
  }

  private static double touchMicros(Trial trial, String name, int size) throws IOException {
    try (KeyValueStore store = open(trial, name)) {
      for (int i = 0; i < TOUCHED; i++) {
        store.set(Keys.of(i), new byte[size]);
      }
      store.flush();
      return nanos(
              ROUNDS * TOUCHED,
              i -> {
                check(store.touch(Keys.of(i % TOUCHED), TTL), i % TOUCHED);
                if (i % TOUCHED == TOUCHED - 1) {
                  store.flush();
                }
              })
          / 1000;
    }
  }

  private static KeyValueStore open(Trial trial, String name) throws IOException {
    return Stores.openNadb(trial.spare(name, Discipline.AT_FLUSH));
  }

  private static double nanos(int count, IntConsumer operation) {
    System.gc();
    Meter meter = new Meter();
    for (int i = 0; i < count; i++) {
      operation.accept(i);
    }
    return (double) meter.nanos() / count;
  }

  private static void commitNothing(KeyValueStore store) {
    try (Transaction transaction = store.begin()) {
      transaction.commit();
    }
  }

  private static void check(boolean changed, int key) {
    if (!changed) {
      throw new IllegalStateException("key " + Keys.of(key) + " was not as it was left");
    }
  }
}
