package io.nadb.jmx;

/**
 * How long flushes took, in milliseconds, since the store was first watched or the statistics were
 * reset; exact to three digits.
 *
 * @param count how many flushes these are
 * @param meanMillis the mean
 * @param p50Millis half of them took no longer
 * @param p90Millis 90 % of them took no longer
 * @param p99Millis 99 % of them took no longer
 * @param p999Millis 99.9 % of them took no longer
 * @param maxMillis the longest
 * @since 0.1.0
 */
public record FlushLatency(
    long count,
    double meanMillis,
    double p50Millis,
    double p90Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis) {}
