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
  private static final int REPETITIONS = 3;
  private static final int PASSES = 4;
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
        + "making the key is included. The mean of "
        + REPETITIONS
        + " repetitions counts, after one that does not; numbers are set and incremented "
        + PASSES
        + " times by turns in each, so that the garbage collector meets both.";
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

  /** Times of one repetition, or the sum of several: nanoseconds, touches in microseconds. */
  private record Costs(
      double set,
      double setIfAbsent,
      double reset,
      double increment,
      double touch,
      double touchLarge,
      double empty) {

    Costs plus(Costs other) {
      return new Costs(
          set + other.set,
          setIfAbsent + other.setIfAbsent,
          reset + other.reset,
          increment + other.increment,
          touch + other.touch,
          touchLarge + other.touchLarge,
          empty + other.empty);
    }
  }

  @Override
  public void run(Trial trial) throws Exception {
    measure(trial, 0);
    Costs sum = measure(trial, 1);
    for (int repetition = 2; repetition <= REPETITIONS; repetition++) {
      sum = sum.plus(measure(trial, repetition));
    }
    trial.report(SET, sum.set / REPETITIONS);
    trial.report(SET_IF_ABSENT, sum.setIfAbsent / sum.set);
    trial.report(INCREMENT, sum.increment / sum.reset);
    trial.report(TOUCH, sum.touch / REPETITIONS);
    trial.report(TOUCH_LARGE, sum.touchLarge / REPETITIONS);
    trial.report(EMPTY, sum.empty / REPETITIONS);
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
      double reset = 0;
      double increment = 0;
      System.gc();
      for (int pass = 0; pass < PASSES; pass++) { // Without a collection between.
        reset += timed(keys, i -> store.set(Keys.of(i), number));
        increment += timed(keys, i -> check(store.increment(Keys.of(i), 1) == COUNTED + 1, i));
      }
      double empty = nanos(TRANSACTIONS_PER_KEY * keys, i -> commitNothing(store));
      return new Costs(set, setIfAbsent, reset, increment, touch, touchLarge, empty);
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
    return timed(count, operation);
  }

  private static double timed(int count, IntConsumer operation) {
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
