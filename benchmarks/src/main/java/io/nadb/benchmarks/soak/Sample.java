package io.nadb.benchmarks.soak;

/**
 * What a store and its process were at one moment.
 *
 * @param seconds since the load began
 * @param operations done since then
 * @param heapBytes in use after a full collection
 * @param memoryBytes of the process that are not pages of files: heap, native memory, stacks
 * @param bufferedBytes the most that the write buffer held since the sample before
 * @param logBytes the length of the log
 * @param liveBytes what of it is current
 * @param keys how many the store has
 * @param metadataLag how many writes the copy for SQL tools is behind
 * @param slowestMicros the longest that a call took since the sample before
 */
record Sample(
    long seconds,
    long operations,
    long heapBytes,
    long memoryBytes,
    long bufferedBytes,
    long logBytes,
    long liveBytes,
    long keys,
    long metadataLag,
    long slowestMicros) {

  private static final double MIB = 1 << 20;

  double heapMib() {
    return heapBytes / MIB;
  }

  double memoryMib() {
    return memoryBytes / MIB;
  }

  double logMib() {
    return logBytes / MIB;
  }

  double liveMib() {
    return liveBytes / MIB;
  }
}
