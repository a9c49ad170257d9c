package io.nadb.testkit.redis;

/** A server in a container. */
final class ContainerServer implements Backing {
  private static final String IMAGE = "redis:7.0";

  private final NadbRedisContainer container;
  private final String origin;

  private ContainerServer(NadbRedisContainer container, String origin) {
    this.container = container;
    this.origin = origin;
  }

  /** Starts a container, and notes in the search which one. */
  static ContainerServer start(ServerSearch search) {
    NadbRedisContainer.checkDocker();
    NadbRedisContainer container = new NadbRedisContainer(IMAGE);
    try {
      container.start();
    } catch (RuntimeException e) {
      container.close();
      throw new IllegalStateException("the container " + IMAGE + " does not start", e);
    }
    return new ContainerServer(container, search.report("container " + IMAGE));
  }

  @Override
  public String host() {
    return container.getHost();
  }

  @Override
  public int port() {
    return container.port();
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public void start() {
    throw movesPort();
  }

  @Override
  public void stop() {
    throw movesPort();
  }

  @Override
  public void kill() {
    throw movesPort();
  }

  private static RuntimeException movesPort() {
    return new UnsupportedOperationException(
        "a container has another port when it is started again; install redis-server, and use"
            + " RedisServer.start() for a server that is stopped and started");
  }

  @Override
  public void close() {
    container.stop();
  }
}
