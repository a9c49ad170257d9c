package io.nadb.agent.terminal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The open stores of a JVM at one moment.
 *
 * @param at when, by that JVM's clock; the epoch if it is not known
 * @param stores the stores, by name
 * @param slowestMillis the slowest flush since the one before; 0 if there was none
 */
record Observation(Instant at, List<StoreView> stores, double slowestMillis) {

  /** Copies the list. */
  Observation {
    stores = List.copyOf(stores);
  }

  Optional<StoreView> store(String name) {
    return stores.stream().filter(store -> store.name().equals(name)).findFirst();
  }
}
