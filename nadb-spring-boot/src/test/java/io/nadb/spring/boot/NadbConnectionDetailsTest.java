package io.nadb.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;

class NadbConnectionDetailsTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(NadbAutoConfiguration.class))
          .withBean(NadbConnectionDetails.class, () -> () -> "nadb:mem:found");

  @Test
  void whereAServiceIsNeedsNoUrl() {
    runner.run(
        context ->
            assertThat(context.getBean(KeyValueStore.class).url()).startsWith("nadb:mem:found"));
  }

  @Test
  void itComesBeforeTheUrlWhoseOptionsHoldWithTheSameScheme() {
    runner
        .withPropertyValues("nadb.url=nadb:MEM:app?buffer=2mb")
        .run(
            context -> {
              KeyValueStore store = context.getBean(KeyValueStore.class);
              assertThat(store.url()).isEqualTo("nadb:mem:found?buffer=2mb");
              assertThat(store.stats().bufferLimitBytes()).isEqualTo(2 << 20);
            });
    runner
        .withPropertyValues("nadb.url=nadb:fs:./data?segment=1mb")
        .run(
            context ->
                assertThat(context.getBean(KeyValueStore.class).url()).doesNotContain("segment"));
  }

  @Test
  void otherStoresAreWhereTheyWere() {
    runner
        .withPropertyValues("nadb.stores.logs.url=nadb:mem:logs")
        .run(
            context -> {
              KeyValueStore logs = context.getBean("logsNadbStore", KeyValueStore.class);
              assertThat(logs.url()).startsWith("nadb:mem:logs");
              assertThat(context).hasBean("nadbStore");
            });
  }

  @Test
  void aStoreOfTheApplicationsOwnComesFirst() {
    runner
        .withBean("mine", KeyValueStore.class, NadbConnectionDetailsTest::noStore)
        .run(context -> assertThat(context).hasSingleBean(KeyValueStore.class).hasBean("mine"));
  }

  private static KeyValueStore noStore() {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> null);
  }

  @Test
  void aServiceOfDockerComposeIsFoundByItsImage() throws Exception {
    assertThat(compose("redis:7.0")).isEqualTo("nadb:redis://somewhere:16379");
    assertThat(compose("redis/redis-stack:latest")).isEqualTo("nadb:redis://somewhere:16379");
    assertThat(compose("postgres:16")).isEqualTo("none");
  }

  @Test
  void theServicesEnvironmentHasItsPassword() throws Exception {
    assertThat(compose("redis:7.0", Map.of("REDIS_PASSWORD", "p:w@ d+")))
        .isEqualTo("nadb:redis://:p%3Aw%40%20d%2B@somewhere:16379");
    assertThat(compose("redis:7.0", Map.of("REDIS_PASSWORD", "")))
        .isEqualTo("nadb:redis://somewhere:16379");
    assertThat(
            compose(
                "redis/redis-stack-server",
                Map.of("REDIS_ARGS", "--save 60 1 --requirepass secret", "REDIS_PASSWORD", "no")))
        .isEqualTo("nadb:redis://:secret@somewhere:16379");
    assertThat(compose("redis:7.0", Map.of("REDIS_ARGS", "--requirepass")))
        .isEqualTo("nadb:redis://somewhere:16379");
  }

  private static String compose(String image) throws Exception {
    return compose(image, Map.of());
  }

  private static String compose(String image, Map<String, String> environment) throws Exception {
    RunningService service = new Service(ImageReference.of(image), environment);
    Constructor<?> constructor =
        DockerComposeConnectionSource.class.getDeclaredConstructors()[0]; // Boot alone makes them.
    constructor.setAccessible(true);
    Object source = constructor.newInstance(service, new MockEnvironment());
    NadbConnectionDetails details =
        new RedisComposeConnection().getConnectionDetails((DockerComposeConnectionSource) source);
    return details == null ? "none" : details.url();
  }

  @Test
  void bootFindsBothFactories() throws IOException {
    assertThat(Files.readString(Path.of("src/main/resources/META-INF/spring.factories")))
        .contains(RedisContainerConnection.class.getName(), RedisComposeConnection.class.getName());
  }

  /** A service as Docker Compose has started it. */
  private record Service(ImageReference image, Map<String, String> env) implements RunningService {
    @Override
    public String name() {
      return "cache";
    }

    @Override
    public String host() {
      return "somewhere";
    }

    @Override
    public ConnectionPorts ports() {
      return (ConnectionPorts)
          Proxy.newProxyInstance(
              ConnectionPorts.class.getClassLoader(),
              new Class<?>[] {ConnectionPorts.class},
              (proxy, method, arguments) ->
                  10_000 + (int) Objects.requireNonNull(arguments, "arguments")[0]);
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }
  }
}
