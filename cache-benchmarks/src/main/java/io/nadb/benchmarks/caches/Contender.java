package io.nadb.benchmarks.caches;

/**
 * One of those who do the same work.
 *
 * @param label what it is called in tables
 * @param work does the operation of a number, and throws if the outcome is wrong
 */
record Contender(String label, Operation work) {

  /** An operation that is done again and again. */
  @FunctionalInterface
  interface Operation {
    void run(int number);
  }
}
