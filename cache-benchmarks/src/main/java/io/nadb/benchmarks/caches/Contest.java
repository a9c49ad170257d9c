package io.nadb.benchmarks.caches;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The same work done by several, in turns, in one JVM.
 *
 * @param title what the work is
 * @param contenders who does it; the first is NADB
 * @param operations how many operations a round has
 * @param target what NADB has to reach; null if it is only shown
 */
record Contest(String title, List<Contender> contenders, int operations, @Nullable Goal target) {

  /**
   * A figure to reach.
   *
   * @param peer the contender beside whom NADB is put
   * @param timesAsFast how many times as fast it has to be at least
   */
  record Goal(String peer, double timesAsFast) {}

  Contest {
    contenders = List.copyOf(contenders);
  }

  /** Measures; returns each label with the median of its rounds, in microseconds an operation. */
  Map<String, Double> measure(int rounds) {
    Map<String, double[]> micros = new LinkedHashMap<>();
    List<Contender> order = new ArrayList<>(contenders);
    for (Contender each : order) {
      micros.put(each.label(), new double[rounds]);
      round(each); // Two that do not count.
      round(each);
    }
    for (int round = 0; round < rounds; round++) {
      for (Contender each : order) {
        micros.computeIfAbsent(each.label(), label -> new double[rounds])[round] = round(each);
      }
      Collections.rotate(order, 1);
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    micros.forEach(
        (label, times) -> {
          Arrays.sort(times);
          medians.put(label, times[rounds / 2]);
        });
    return medians;
  }

  private double round(Contender contender) {
    long start = System.nanoTime();
    for (int i = 0; i < operations; i++) {
      contender.work().run(i);
    }
    return (System.nanoTime() - start) / 1e3 / operations;
  }
}
