package io.nadb.benchmarks.redis;

/**
 * One way to do a piece of work.
 *
 * @param label what it is called in tables
 * @param work does it once, for the number it is given; throws if the outcome is wrong
 */
record Contestant(String label, Work work) {

  /** A piece of work that is done again and again. */
  @FunctionalInterface
  interface Work {
    void run(int number);
  }
}
