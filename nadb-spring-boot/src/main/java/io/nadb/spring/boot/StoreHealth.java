package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import io.nadb.StoreState;
import io.nadb.StoreStats;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How stores are doing, in the words that every version of Boot has. */
final class StoreHealth {
  private static final Set<StoreState> WELL = Set.of(StoreState.HEALTHY, StoreState.READ_ONLY);

  private StoreHealth() {}

  static boolean allAreHealthy(Map<String, KeyValueStore> stores) {
    return stores.values().stream().allMatch(store -> WELL.contains(store.stats().state()));
  }

  /** Of each bean its state, and what is wrong, if anything is. */
  static Map<String, Object> details(Map<String, KeyValueStore> stores) {
    Map<String, Object> details = new TreeMap<>();
    stores.forEach(
        (bean, store) -> {
          StoreStats stats = store.stats();
          details.put(
              bean,
              WELL.contains(stats.state())
                  ? stats.state().name()
                  : stats.state() + stats.lastFailure().map(": "::concat).orElse(""));
        });
    return details;
  }
}
