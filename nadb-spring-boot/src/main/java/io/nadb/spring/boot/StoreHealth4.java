package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Tells Boot 4 how all stores are doing. */
final class StoreHealth4 implements HealthIndicator {
  private final Map<String, KeyValueStore> stores;

  StoreHealth4(Map<String, KeyValueStore> stores) {
    this.stores = Map.copyOf(stores);
  }

  @Override
  public Health health() {
    Health.Builder health = StoreHealth.allAreHealthy(stores) ? Health.up() : Health.down();
    return health.withDetails(StoreHealth.details(stores)).build();
  }
}
