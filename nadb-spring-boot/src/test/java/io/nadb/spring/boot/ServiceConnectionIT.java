package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.testkit.redis.NadbRedisContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.test.annotation.DirtiesContext;

/** A container with {@code @ServiceConnection} is where the store of the application is. */
@SpringBootTest(properties = "nadb.url=nadb:redis://production:6379?db=shop")
@DirtiesContext
class ServiceConnectionIT {
  @ServiceConnection static final NadbRedisContainer REDIS = new NadbRedisContainer("redis:7.0");

  @SpringBootConfiguration
  @ImportAutoConfiguration(NadbAutoConfiguration.class)
  static class Application {}

  @BeforeAll
  static void start() {
    NadbRedisContainer.assumeDocker();
    REDIS.start();
  }

  @AfterAll
  static void stop() {
    REDIS.stop();
  }

  @Autowired private KeyValueStore store;

  @Test
  void theStoreIsInTheContainerWithTheOptionsOfTheUrl() {
    store.set("k", new byte[1]);

    assertThat(store.get("k")).isPresent();
    assertThat(store.url()).contains(":" + REDIS.port()).contains("db=shop");
  }
}
