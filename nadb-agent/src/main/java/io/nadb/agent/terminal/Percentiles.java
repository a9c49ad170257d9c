package io.nadb.agent.terminal;

/**
 * How long flushes took, in milliseconds.
 *
 * @param count how many these are; the rest means nothing if it is 0
 */
record Percentiles(
    long count, double mean, double p50, double p90, double p99, double p999, double max) {
  static final Percentiles NONE = new Percentiles(0, 0, 0, 0, 0, 0, 0);
}
