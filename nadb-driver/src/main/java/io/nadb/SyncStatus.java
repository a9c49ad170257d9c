package io.nadb;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a registry's background thread is doing.
 *
 * @param running whether the thread is alive: it is while a store is open
 * @param stores the names of the stores it serves
 * @param rounds how often it has looked for due work
 * @param failures how often a store's work failed unexpectedly
 * @param lag by how much the latest due work was late
 * @param maxLag by how much due work was late at most
 * @param lastFailure the latest unexpected failure
 */
public record SyncStatus(
    boolean running,
    List<String> stores,
    long rounds,
    long failures,
    Duration lag,
    Duration maxLag,
    Optional<String> lastFailure) {

  /** Copies the list. */
  public SyncStatus {
    stores = List.copyOf(stores);
  }
}
