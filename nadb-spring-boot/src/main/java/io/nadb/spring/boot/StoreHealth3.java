package io.nadb.spring.boot;

import io.nadb.KeyValueStore;
import java.util.Map;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Tells Boot 3 how all stores are doing. */
final class StoreHealth3 implements HealthIndicator {
  private final Map<String, KeyValueStore> stores;

  StoreHealth3(Map<String, KeyValueStore> stores) {
    this.stores = Map.copyOf(stores);
  }

  @Override
  public Health health() {
    Health.Builder health = StoreHealth.allAreHealthy(stores) ? Health.up() : Health.down();
    return health.withDetails(StoreHealth.details(stores)).build();
  }
}
