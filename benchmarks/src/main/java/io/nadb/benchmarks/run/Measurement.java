package io.nadb.benchmarks.run;

/**
 * One figure that one trial has measured.
 *
 * @param workload the workload's name
 * @param variant the variant's label
 * @param store the store's label
 * @param round which round it was, from 1
 * @param metric the metric's name, or {@link #FAILED}
 * @param value the figure; not a number if the trial failed
 * @param failure why it failed; empty if it did not
 */
public record Measurement(
    String workload,
    String variant,
    String store,
    int round,
    String metric,
    double value,
    String failure) {
  /** Stands in the place of the metric's name when a trial failed. */
  public static final String FAILED = "!";

  String toLine() {
    return String.join(
        "\t",
        workload,
        variant,
        store,
        String.valueOf(round),
        metric,
        String.valueOf(value),
        failure.replaceAll("\\s+", " "));
  }

  static Measurement ofLine(String line) {
    String[] parts = line.split("\t", -1);
    return new Measurement(
        parts[0],
        parts[1],
        parts[2],
        Integer.parseInt(parts[3]),
        parts[4],
        Double.parseDouble(parts[5]),
        parts[6]);
  }
}
