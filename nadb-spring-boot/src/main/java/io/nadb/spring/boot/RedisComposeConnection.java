package io.nadb.spring.boot;

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

  /** The service's address. */
  private static final class Details extends DockerComposeConnectionDetails
      implements NadbConnectionDetails {
    private final String url;

    Details(RunningService service) {
      super(service);
      this.url = "nadb:redis://" + service.host() + ":" + service.ports().get(RedisImages.PORT);
    }

    @Override
    public String url() {
      return url;
    }
  }
}
