package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.testkit.redis.RespConnection.Access;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Redis server in a container. */
class NadbRedisContainerIT {
  private static final String IMAGE = "redis:7.0";

  @BeforeAll
  static void docker() {
    NadbRedisContainer.assumeDocker();
  }

  @Test
  void aContainerAnswersUnderTheUrlThatItTells() throws IOException {
    try (NadbRedisContainer redis = new NadbRedisContainer(IMAGE)) {
      redis.start();

      assertThat(ping(redis, null)).isEqualTo("PONG");
      assertThat(redis.url())
          .isEqualTo("nadb:redis://" + redis.getHost() + ":" + redis.getMappedPort(6379));
    }
  }

  @Test
  void aPasswordIsNeededAndNotSeenInTheCommand() throws IOException {
    try (NadbRedisContainer redis = new NadbRedisContainer(IMAGE).withPassword("p\"w d")) {
      redis.start();

      assertThat(ping(redis, "p\"w d")).isEqualTo("PONG");
      assertThatThrownBy(() -> ping(redis, null)).hasMessageContaining("NOAUTH");
      assertThat(redis.url()).startsWith("nadb:redis://:p%22w%20d@");
      assertThat(redis.getCommandParts()).noneMatch(word -> word.contains("p\"w"));
    }
  }

  @Test
  void aServerThatIsFoundNowhereElseIsAContainer() {
    Surroundings bare = new Surroundings(name -> null, "", ClassLoader.getPlatformClassLoader());
    try (RedisServer redis = RedisServer.findOrStart(bare)) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.origin())
          .isEqualTo(
              "container redis:7.0 (the property nadb.test.redis.url is not set; no redis-server on"
                  + " PATH; com.github.codemonstur:embedded-redis is not on the class path)");
      assertThatThrownBy(redis::stop).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(redis::kill).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(redis::restart).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  private static String ping(NadbRedisContainer redis, @Nullable String password)
      throws IOException {
    try (RespConnection connection =
        RespConnection.open(
            redis.getHost(), redis.port(), new Access(null, password, false, null))) {
      return connection.send(List.of("PING")).get(0);
    }
  }
}
