package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Where servers are looked for, and in which order. */
class ServerSearchIT {
  private static final ClassLoader WITH_LIBRARY = ServerSearchIT.class.getClassLoader();
  private static final ClassLoader BARE = ClassLoader.getPlatformClassLoader();

  private final Map<String, String> properties = new HashMap<>();

  @Test
  void theRunningServerOfThePropertyComesFirst() {
    try (RedisServer running = RedisServer.builder().password("s3:cret").start()) {
      properties.put("nadb.test.redis.url", "redis://:s3%3Acret@127.0.0.1:" + running.port() + "/");
      running.command("SET", "k", "v");

      RedisServer found = RedisServer.findOrStart(surroundings("", WITH_LIBRARY));

      assertThat(found.command("GET", "k")).isEqualTo("v");
      assertThat(found.url()).isEqualTo(running.url());
      assertThat(found.origin())
          .matches("Redis [0-9.]+ at 127.0.0.1:" + running.port() + ", by nadb.test.redis.url");
      assertThatThrownBy(found::stop)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("is not the test's");
      found.close();
      assertThat(running.command("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void aServerOfThePropertyThatDoesNotAnswerIsAFailureWithoutItsPassword() {
    RedisServer gone = RedisServer.start();
    gone.close();
    properties.put("nadb.test.redis.url", "redis://me:s3cret@127.0.0.1:" + gone.port());

    assertThatThrownBy(() -> RedisServer.findOrStart(surroundings("", WITH_LIBRARY)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the property nadb.test.redis.url names 127.0.0.1:"
                + gone.port()
                + ", which does not answer");
  }

  @Test
  void aMalformedPropertyIsNotQuoted() {
    properties.put("nadb.test.redis.url", "redis:s3cret@host");

    assertThatThrownBy(() -> RedisServer.findOrStart(surroundings("", WITH_LIBRARY)))
        .hasMessageContaining("nadb.test.redis.url is malformed: expected redis://")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void theLibraryIsUsedWhereThePathHasNone() {
    try (RedisServer redis = RedisServer.findOrStart(surroundings("/nowhere", WITH_LIBRARY))) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.origin())
          .startsWith("Redis 6.")
          .contains(" of embedded-redis-")
          .endsWith("(the property nadb.test.redis.url is not set; no redis-server on PATH)");
    }
  }

  @Test
  void theServerOfTheLibrarySpeaksTlsAndFormsClusters() {
    ServerSearch search = new ServerSearch(surroundings("", WITH_LIBRARY));
    try (RedisCluster cluster =
        RedisServer.builder().tls().password("secret").startCluster(3, search)) {
      assertThat(cluster.nodes().get(0).command("CLUSTER", "INFO")).contains("cluster_state:ok");
      assertThat(cluster.origin()).contains("embedded-redis").contains("as a cluster of 3");
      assertThat(cluster.url()).startsWith("nadb:rediss-cluster://:secret@127.0.0.1:");
    }
  }

  @Test
  void aProgramOnThePathThatIsNoServerIsPassedOver(@TempDir Path folder) throws IOException {
    Path impostor = Files.writeString(folder.resolve("redis-server"), "#!/bin/sh\necho hello\n");
    assertThat(impostor.toFile().setExecutable(true)).isTrue();

    try (RedisServer redis =
        RedisServer.findOrStart(surroundings(folder.toString(), WITH_LIBRARY))) {
      assertThat(redis.origin())
          .contains("no redis-server on PATH that works: " + impostor)
          .contains("it does not tell its version, but: hello");
    }
  }

  @Test
  void withoutAnyServerTheTestIsSkippedWithTheReasons() {
    assertThatThrownBy(() -> start(BARE))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage(
            "No Redis for a server of the test's own: no redis-server on PATH;"
                + " com.github.codemonstur:embedded-redis is not on the class path");
    assertThatThrownBy(
            () -> RedisServer.builder().startCluster(3, new ServerSearch(surroundings("", BARE))))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageStartingWith("No Redis for a cluster: no redis-server on PATH");
  }

  @Test
  void withoutAServerThatIsRequiredTheTestFails() {
    properties.put("nadb.test.require", "docker, Redis");

    assertThatThrownBy(() -> start(BARE))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("No Redis for a server of the test's own: ")
        .hasMessageEndingWith("This is a failure because nadb.test.require=docker, Redis");

    properties.put("nadb.test.require", "docker");
    assertThatThrownBy(() -> start(BARE)).isInstanceOf(TestAbortedException.class);
  }

  private void start(ClassLoader classes) {
    RedisServer.builder().start(new ServerSearch(surroundings("", classes))).close();
  }

  private Surroundings surroundings(String path, ClassLoader classes) {
    return new Surroundings(properties::get, path, classes);
  }
}
