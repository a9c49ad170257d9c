package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.nadb.KeyValueStore;
import io.nadb.testkit.redis.NadbRedisContainer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.test.annotation.DirtiesContext;
import org.testcontainers.containers.GenericContainer;

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

  @SpringBootTest(classes = Application.class)
  @DirtiesContext
  static class WithPassword {
    @ServiceConnection
    static final NadbRedisContainer REDIS =
        new NadbRedisContainer("redis:7.0").withPassword("p:w@ d");

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
    void theStoreHasThePassword() {
      store.set("k", new byte[1]);
      assertThat(store.get("k")).isPresent();
    }
  }

  @SpringBootTest(classes = Application.class)
  @DirtiesContext
  static class WithPasswordInTheCommand {
    @ServiceConnection
    static final GenericContainer<?> REDIS =
        new GenericContainer<>("redis:7.0")
            .withCommand("redis-server", "--protected-mode", "no", "--requirepass", "secret")
            .withExposedPorts(6379);

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
    void theStoreHasThePassword() {
      store.set("k", new byte[1]);
      assertThat(store.get("k")).isPresent();
    }
  }

  /** In an engine of its own: Spring asks Docker before any condition of the class would. */
  @ParameterizedTest
  @ValueSource(classes = {Contained.class, WithPassword.class, WithPasswordInTheCommand.class})
  void theStoreIsInTheContainer(Class<?> contained) {
    NadbRedisContainer.assumeDocker();
    Events events =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(contained))
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
