package io.nadb.benchmarks.workload;

/**
 * How much memory a trial's JVM may use.
 *
 * @param heapBytes its maximum heap
 * @param allBytes all of it, what the operating system keeps of its files included
 */
public record Memory(long heapBytes, long allBytes) {}
