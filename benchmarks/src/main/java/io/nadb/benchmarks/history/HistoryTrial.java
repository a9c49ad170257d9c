package io.nadb.benchmarks.history;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.Snapshot;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One JVM: overwrites and reads all keys again and again, looks back, and prints the figures. */
final class HistoryTrial {
  static final List<String> MEMORY = List.of("-Xms2g", "-Xmx2g");

  private static final int KEYS = 1_000_000;
  private static final int PASSES = 3;
  private static final int LOOKS = 5;

  /** By then the JVM has compiled what reads: it takes two million calls. */
  private static final int UNCOUNTED = 3;

  private HistoryTrial() {}

  /** Prints what {@link Measured} names, as far as there is history. */
  public static void main(String[] arguments) {
    Map<Measured, Double> figures = new EnumMap<>(Measured.class);
    Values values = new Values(100);
    String[] keys = new String[KEYS];
    Arrays.setAll(keys, Keys::of);
    long empty = usedHeap();
    try (KeyValueStore store =
        NadbDriverManager.open(
            "nadb:fs:" + arguments[0] + "?metadata=none&history=" + arguments[1])) {
      set(store, keys, values, 0);
      Instant then = Instant.now();
      long[] sets = new long[PASSES];
      long[] gets = new long[PASSES];
      set(store, keys, values, 1);
      for (int pass = 0; pass < UNCOUNTED; pass++) {
        get(store, keys);
      }
      for (int pass = 0; pass < PASSES; pass++) {
        sets[pass] = set(store, keys, values, pass + 2);
        gets[pass] = get(store, keys);
      }
      figures.put(Measured.SET, median(sets) / KEYS);
      figures.put(Measured.GET, median(gets) / KEYS);
      figures.put(Measured.HEAP, (usedHeap() - empty) / (double) KEYS);
      if (!arguments[1].equals("off")) {
        look(store, then, keys, values, figures);
      }
    }
    System.out.println(
        figures.entrySet().stream()
            .map(figure -> figure.getKey() + "=" + figure.getValue())
            .collect(Collectors.joining(" ")));
  }

  /** Sets all; returns how long that took, without the flush after it. */
  private static long set(KeyValueStore store, String[] keys, Values values, int version) {
    long begun = System.nanoTime();
    for (int i = 0; i < KEYS; i++) {
      store.set(keys[i], values.of(i, version));
    }
    long took = System.nanoTime() - begun;
    store.flush();
    return took;
  }

  private static long get(KeyValueStore store, String[] keys) {
    long begun = System.nanoTime();
    long found = 0;
    for (int i = 0; i < KEYS; i++) {
      found += store.get(keys[i]).isPresent() ? 1 : 0;
    }
    long took = System.nanoTime() - begun;
    check(found, KEYS);
    return took;
  }

  private static void look(
      KeyValueStore store,
      Instant then,
      String[] keys,
      Values values,
      Map<Measured, Double> figures) {
    long[] openings = new long[LOOKS];
    for (int i = 0; i < LOOKS; i++) {
      long begun = System.nanoTime();
      store.snapshotAt(then).close();
      openings[i] = System.nanoTime() - begun;
    }
    figures.put(Measured.OPENING, openings[0] / 1e6);
    figures.put(Measured.AGAIN, median(Arrays.copyOfRange(openings, 1, LOOKS)) / 1e6);
    long before = usedHeap();
    try (Snapshot past = store.snapshotAt(then)) {
      figures.put(Measured.PAST_HEAP, (usedHeap() - before) / (double) KEYS);
      long[] gets = new long[PASSES];
      for (int pass = 0; pass < PASSES; pass++) {
        long begun = System.nanoTime();
        long found = 0;
        for (int i = 0; i < KEYS; i++) {
          found += values.version(i, past.get(keys[i]).orElseThrow()) == 0 ? 1 : 0;
        }
        gets[pass] = System.nanoTime() - begun;
        check(found, KEYS);
      }
      figures.put(Measured.PAST_GET, median(gets) / KEYS);
    }
  }

  private static void check(long found, long expected) {
    if (found != expected) {
      throw new IllegalStateException("only " + found + " reads found their value");
    }
  }

  private static double median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
