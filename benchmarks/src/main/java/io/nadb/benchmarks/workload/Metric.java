package io.nadb.benchmarks.workload;

/**
 * Something that is measured.
 *
 * @param name what it is called, in results and tables
 * @param unit what it is counted in
 * @param moreIsBetter whether a store with a larger figure is ahead
 */
public record Metric(String name, String unit, boolean moreIsBetter) {
  /** Entries set in a second. */
  public static final Metric SETS = new Metric("sets", "sets/s", true);

  /** Entries read in a second. */
  public static final Metric GETS = new Metric("gets", "gets/s", true);

  /** Processor time for one operation, that of background threads included, until all is quiet. */
  public static final Metric CPU = new Metric("cpu", "CPU µs/op", false);
}
