package io.nadb.testkit.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A Redis server in a container, for those who manage their containers themselves; others open
 * {@code nadb:tc:redis:7.0}.
 *
 * <pre>{@code
 * @Container
 * static final NadbRedisContainer REDIS = new NadbRedisContainer("redis:7.0");
 *
 * KeyValueStore store = NadbDriverManager.open(REDIS.url());
 * }</pre>
 *
 * <p>Needs Testcontainers, 2.x or 1.21, on the class path: {@code
 * org.testcontainers:testcontainers}.
 *
 * @since 0.1.0
 */
public final class NadbRedisContainer extends GenericContainer<NadbRedisContainer> {
  private static final int PORT = 6379;
  private static final String CONFIGURATION = "/etc/nadb-redis.conf";

  private @Nullable String password;

  /** A container of this image, for example {@code redis:7.0}. */
  public NadbRedisContainer(String image) {
    this(DockerImageName.parse(image));
  }

  /** A container of this image. */
  @SuppressWarnings("this-escape")
  public NadbRedisContainer(DockerImageName image) {
    super(image);
    addExposedPort(PORT);
    setWaitStrategy(Wait.forLogMessage(".*Ready to accept connections.*\\s*", 1));
  }

  /**
   * Makes clients give this password, which the container's environment has as {@code
   * REDIS_PASSWORD}, where Spring Boot's {@code @ServiceConnection} finds it. To be called before
   * it is started.
   */
  public NadbRedisContainer withPassword(String password) {
    this.password = Objects.requireNonNull(password, "password");
    // In a file, and not in the command, which everybody sees who may list processes.
    String configuration =
        String.join(
            "\n", List.of("protected-mode no", "requirepass " + ServerSettings.quote(password)));
    return withCopyToContainer(
            Transferable.of(configuration.getBytes(StandardCharsets.UTF_8)), CONFIGURATION)
        .withEnv("REDIS_PASSWORD", password)
        .withCommand("redis-server", CONFIGURATION);
  }

  /** The URL that opens a store on it, with its password. It must be running. */
  public String url() {
    return "nadb:redis://"
        + UrlText.userinfo(null, password)
        + UrlText.endpoint(getHost(), getMappedPort(PORT));
  }

  /** The port of this machine at which it is reached. It must be running. */
  public int port() {
    return getMappedPort(PORT);
  }

  /**
   * Skips the test if Docker is not there; it fails instead if the system property {@code
   * nadb.test.require} names {@code docker}.
   */
  public static void assumeDocker() {
    try {
      checkDocker();
    } catch (IllegalStateException e) {
      throw Requirement.DOCKER.isMissing(Surroundings.real(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * Does nothing if Docker is there.
   *
   * @throws IllegalStateException if not
   */
  static void checkDocker() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "Docker is not reachable; start it, or name it by the environment variable DOCKER_HOST");
    }
  }
}
