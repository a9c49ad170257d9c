package io.nadb.benchmarks.report;

import java.util.Arrays;
import java.util.Optional;

/**
 * What several rounds have measured.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param spread half the distance of the least from the most, as a part of the median
 * @param rounds how many there were
 */
record Figure(double median, double spread, int rounds) {

  /** Sums up figures, of which there is one at least. */
  static Figure of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    double range = sorted[sorted.length - 1] - sorted[0];
    return new Figure(median, median == 0 ? 0 : range / 2 / Math.abs(median), sorted.length);
  }

  /** How many times as large as another it is; empty if one of the two is zero. */
  Optional<Double> times(Figure other) {
    return median == 0 || other.median == 0 ? Optional.empty() : Optional.of(median / other.median);
  }
}
