package io.nadb.benchmarks.store;

import java.nio.file.Path;

/**
 * How a store is opened.
 *
 * @param directory where its files are
 * @param discipline when a write has to be durable
 * @param keys how many keys there will be
 * @param valueBytes how long values are
 * @param shared whether several threads use it, or one that reads while it writes
 * @param labelled whether entries have tags and TTL
 * @param beyondMemory whether memory is smaller than the data
 * @param first whether it is opened as somebody does who reads no more than the first page
 */
public record Setup(
    Path directory,
    Discipline discipline,
    int keys,
    int valueBytes,
    boolean shared,
    boolean labelled,
    boolean beyondMemory,
    boolean first) {

  /** What peers may use as a cache, in bytes. */
  public static final long CACHE_BYTES = 1L << 30;

  /** How much is written between two fsyncs under {@link Discipline#PER_MEGABYTE}. */
  public static final long MEGABYTE = 1L << 20;

  /** How much peers with explicit transactions put into one under {@link Discipline#AT_FLUSH}. */
  public static final long BULK_BYTES = 1L << 26;

  /** A store of plain entries for one thread. */
  public static Setup of(Path directory, Discipline discipline, int keys, int valueBytes) {
    return new Setup(directory, discipline, keys, valueBytes, false, false, false, false);
  }

  /** The same, used by several threads, or read while it is written. */
  public Setup asShared() {
    return new Setup(directory, discipline, keys, valueBytes, true, labelled, beyondMemory, first);
  }

  /** The same, for entries with tags and TTL. */
  public Setup asLabelled() {
    return new Setup(directory, discipline, keys, valueBytes, shared, true, beyondMemory, first);
  }

  /** The same with less memory than data. */
  public Setup asBeyondMemory() {
    return new Setup(directory, discipline, keys, valueBytes, shared, labelled, true, first);
  }

  /** The same with no option that need not be. */
  public Setup asFirst() {
    return new Setup(directory, discipline, keys, valueBytes, shared, labelled, beyondMemory, true);
  }
}
