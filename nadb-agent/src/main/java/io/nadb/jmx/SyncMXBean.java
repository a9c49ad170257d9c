package io.nadb.jmx;

import java.util.List;

/**
 * {@code io.nadb:type=Sync}: the background thread of a registry that has open stores. Attributes
 * are named as the components of {@code io.nadb.SyncStatus} and mean the same.
 *
 * @since 0.1.0
 */
public interface SyncMXBean {

  /** Whether the thread is alive. */
  boolean isRunning();

  /** The names of the stores it serves. */
  List<String> getStores();

  /** The names of those whose background work has been hanging for a second or longer. */
  List<String> getStalled();

  /** How many those are, for tools that take numbers only. */
  int getStalledCount();

  /** How often it has looked for due work. */
  long getRounds();

  /** How often a store's work failed unexpectedly. */
  long getFailures();

  /** How often a second thread took over since a store's work took too long. */
  long getTakeovers();

  /** How often a thread that had died was replaced. */
  long getReplacements();

  /** By how much the latest due work was late. */
  long getLagMillis();

  /** By how much due work was late at most. */
  long getMaxLagMillis();

  /** The latest unexpected failure; empty if there was none. */
  String getLastFailure();
}
