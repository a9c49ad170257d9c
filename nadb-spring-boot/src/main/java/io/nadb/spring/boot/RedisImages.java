package io.nadb.spring.boot;

import java.util.List;

/**
 * What Redis is in a container; of both kinds of containers, of which an application may have one.
 */
final class RedisImages {
  /** Those that Boot takes for Redis; another image can be called by this name, {@code redis}. */
  static final List<String> NAMES =
      List.of("redis", "redis/redis-stack", "redis/redis-stack-server");

  static final int PORT = 6379;

  private RedisImages() {}
}
