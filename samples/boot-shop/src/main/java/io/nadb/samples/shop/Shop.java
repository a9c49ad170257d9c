package io.nadb.samples.shop;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.nadb.KeyValueStore;
import io.nadb.micrometer.NadbMetrics;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;

/** A shop that keeps all that it has in one store: see application.yaml for where. */
@SpringBootApplication
@EnableCaching
public class Shop {

  public static void main(String[] arguments) {
    SpringApplication.run(Shop.class, arguments);
  }

  /** The figures of the store, beside those of the caches that Boot itself knows. */
  @Bean
  MeterBinder storeMetrics(KeyValueStore store) {
    return NadbMetrics.of(store);
  }
}
