package io.nadb.spring.boot;

import java.util.List;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/** Finds the store in a container of Redis that is marked with {@code @ServiceConnection}. */
final class RedisContainerConnection
    extends ContainerConnectionDetailsFactory<Container<?>, NadbConnectionDetails> {

  RedisContainerConnection() {
    super(RedisImages.NAMES);
  }

  @Override
  protected NadbConnectionDetails getContainerConnectionDetails(
      ContainerConnectionSource<Container<?>> source) {
    return new Details(source);
  }

  /** The container's address, which it has once it runs, and its password. */
  private static final class Details extends ContainerConnectionDetails<Container<?>>
      implements NadbConnectionDetails {

    Details(ContainerConnectionSource<Container<?>> source) {
      super(source);
    }

    @Override
    public String url() {
      Container<?> container = getContainer();
      return RedisAddress.of(
          container.getHost(),
          container.getMappedPort(RedisImages.PORT),
          container.getEnvMap(),
          List.of(container.getCommandParts()));
    }
  }
}
