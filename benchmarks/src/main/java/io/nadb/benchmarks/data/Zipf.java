package io.nadb.benchmarks.data;

import java.util.SplittableRandom;

/**
 * Numbers in which few come often and most come rarely: rank {@code r} is drawn with a probability
 * proportional to {@code 1 / r^0.99}, as in YCSB, after Gray et al., "Quickly generating
 * billion-record synthetic databases".
 */
public final class Zipf {
  private static final double THETA = 0.99;

  private final int items;
  private final double zeta;
  private final double alpha = 1 / (1 - THETA);
  private final double eta;

  /** Draws from {@code items} numbers. */
  public Zipf(int items) {
    this.items = items;
    double sum = 0;
    for (int rank = 1; rank <= items; rank++) {
      sum += Math.pow(rank, -THETA);
    }
    zeta = sum;
    double zeta2 = 1 + Math.pow(2, -THETA);
    eta = (1 - Math.pow(2.0 / items, 1 - THETA)) / (1 - zeta2 / zeta);
  }

  /** Draws a rank; 0 is the most frequent. */
  public int next(SplittableRandom random) {
    double u = random.nextDouble();
    double uz = u * zeta;
    if (uz < 1) {
      return 0;
    }
    if (uz < 1 + Math.pow(0.5, THETA)) {
      return Math.min(1, items - 1);
    }
    return (int) Math.min(items - 1L, (long) (items * Math.pow(eta * u - eta + 1, alpha)));
  }

  /** Draws {@code count} ranks at once, so that drawing takes no time while a store is measured. */
  public int[] draw(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ranks = new int[count];
    for (int i = 0; i < count; i++) {
      ranks[i] = next(random);
    }
    return ranks;
  }
}
