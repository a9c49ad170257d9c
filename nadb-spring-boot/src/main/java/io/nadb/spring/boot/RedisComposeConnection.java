package io.nadb.spring.boot;

import java.util.List;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/** Finds the store in a service of Redis that Boot has started by Docker Compose. */
final class RedisComposeConnection
    extends DockerComposeConnectionDetailsFactory<NadbConnectionDetails> {

  RedisComposeConnection() {
    super(RedisImages.NAMES.toArray(String[]::new));
  }

  @Override
  protected NadbConnectionDetails getDockerComposeConnectionDetails(
      DockerComposeConnectionSource source) {
    return new Details(source.getRunningService());
  }

  /** The service's address, and its password if its environment has it. */
  private static final class Details extends DockerComposeConnectionDetails
      implements NadbConnectionDetails {
    private final String url;

    Details(RunningService service) {
      super(service);
      // Boot does not tell the command.
      this.url =
          RedisAddress.of(
              service.host(), service.ports().get(RedisImages.PORT), service.env(), List.of());
    }

    @Override
    public String url() {
      return url;
    }
  }
}
