package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.KeyValueStore;
import io.nadb.testkit.redis.NadbRedisContainer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.test.annotation.DirtiesContext;

/** A container with {@code @ServiceConnection} is where the store of the application is. */
class ServiceConnectionIT {

  @SpringBootConfiguration
  @ImportAutoConfiguration(NadbAutoConfiguration.class)
  static class Application {}

  @SpringBootTest(
      classes = Application.class,
      properties = "nadb.url=nadb:redis://production:6379?db=shop")
  @DirtiesContext
  static class Contained {
    @ServiceConnection static final NadbRedisContainer REDIS = new NadbRedisContainer("redis:7.0");

    @BeforeAll
    static void start() {
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

  /** In an engine of its own: Spring asks Docker before any condition of the class would. */
  @Test
  void theStoreIsInTheContainer() {
    NadbRedisContainer.assumeDocker();
    Events events =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Contained.class))
            .execute()
            .allEvents();

    List<Throwable> failures =
        events.finished().stream()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class))
            .flatMap(result -> result.getThrowable().stream())
            .toList();
    assertThat(failures).isEmpty();
    assertThat(events.succeeded().count()).isGreaterThan(0);
  }
}
