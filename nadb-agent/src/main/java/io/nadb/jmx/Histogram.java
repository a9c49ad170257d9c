package io.nadb.jmx;

import org.HdrHistogram.SynchronizedHistogram;

/** The times that the flushes of one store took. */
final class Histogram {
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final SynchronizedHistogram nanos = new SynchronizedHistogram(DIGITS);

  void record(long tookNanos) {
    nanos.recordValue(Math.max(0, tookNanos));
  }

  void reset() {
    nanos.reset();
  }

  FlushLatency figures() {
    SynchronizedHistogram now = nanos.copy();
    return new FlushLatency(
        now.getTotalCount(),
        now.getMean() / NANOS_PER_MILLI,
        percentile(now, 50),
        percentile(now, 90),
        percentile(now, 99),
        percentile(now, 99.9),
        now.getMaxValue() / NANOS_PER_MILLI);
  }

  private static double percentile(SynchronizedHistogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
