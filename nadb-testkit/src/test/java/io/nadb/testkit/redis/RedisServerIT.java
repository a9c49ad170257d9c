package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Servers that are started for tests. */
class RedisServerIT {

  @Test
  void aServerAnswersUnderTheUrlThatItTells() {
    try (RedisServer redis = RedisServer.start()) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.url()).isEqualTo("nadb:redis://127.0.0.1:" + redis.port());
      assertThat(redis.url("db=a", "flush=5s"))
          .isEqualTo("nadb:redis://127.0.0.1:" + redis.port() + "?db=a&flush=5s");
      assertThat(redis).hasToString("Redis at 127.0.0.1:" + redis.port());
      assertThat(redis.origin()).startsWith("Redis ");
    }
  }

  @Test
  void aServerListensOnTheLoopbackInterfaceOnly() {
    try (RedisServer redis = RedisServer.start()) {
      assertThat(redis.command("CONFIG", "GET", "bind")).isEqualTo("bind\n127.0.0.1");
    }
  }

  @Test
  void twoServersShareNothing() {
    try (RedisServer one = RedisServer.start();
        RedisServer other = RedisServer.start()) {
      one.command("SET", "k", "v");

      assertThat(other.command("GET", "k")).isEmpty();
      assertThat(other.port()).isNotEqualTo(one.port());
    }
  }

  @Test
  void aClosedServerLeavesNeitherAProcessNorFiles() {
    RedisServer redis = RedisServer.start();
    long process = process(redis);
    Path directory = Path.of(redis.command("CONFIG", "GET", "dir").lines().toList().get(1));
    assertThat(directory).isDirectory();

    redis.close();

    assertThat(ProcessHandle.of(process)).isEmpty();
    assertThat(directory.getParent()).doesNotExist();
    redis.close();
  }

  @Test
  void aRestartedServerKeepsItsPortAndForgetsItsData() {
    try (RedisServer redis = RedisServer.start()) {
      redis.command("SET", "k", "v");
      int port = redis.port();

      redis.stop();
      assertThatThrownBy(() -> redis.command("PING"))
          .hasMessageContaining("no reply from Redis at");
      redis.restart();

      assertThat(redis.port()).isEqualTo(port);
      assertThat(redis.command("GET", "k")).isEmpty();
    }
  }

  @Test
  void anAppendOnlyServerKeepsItsDataThroughAKill() {
    try (RedisServer redis = RedisServer.builder().appendOnly().start()) {
      redis.command("SET", "k", "v");

      redis.kill();
      redis.restart();

      assertThat(redis.command("GET", "k")).isEqualTo("v");
    }
  }

  @Test
  void aServerIsNeitherStartedNorStoppedTwice() {
    try (RedisServer redis = RedisServer.start()) {
      assertThatThrownBy(redis::restart).hasMessageContaining("is running already");
      redis.kill();
      assertThatThrownBy(redis::kill).hasMessageContaining("is not running");
      assertThatThrownBy(redis::stop).hasMessageContaining("is not running");
    }
  }

  @Test
  void aPasswordMayHoldAnything() {
    String password = "p@ss: \"w\\örd\"/?#%";
    try (RedisServer redis = RedisServer.builder().password(password).start()) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.url())
          .isEqualTo(
              "nadb:redis://:p%40ss%3A%20%22w%5C%C3%B6rd%22%2F%3F%23%25@127.0.0.1:" + redis.port());
      assertThat(redis.password()).contains(password);
      assertThat(redis.toString() + redis.origin()).doesNotContain("p@ss").doesNotContain("p%40");

      RedisServer stranger =
          new RedisServer(redis.backing(), new RespConnection.Access(null, "wrong", false, null));
      assertThatThrownBy(() -> stranger.command("PING")).hasMessageContaining("WRONGPASS");
    }
  }

  @Test
  void aServerWithTlsIsTrustedByItsTrustStoreAlone() {
    try (RedisServer redis = RedisServer.builder().tls().password("secret").start()) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat(redis.url("flush=5s"))
          .isEqualTo(
              "nadb:rediss://:secret@127.0.0.1:"
                  + redis.port()
                  + "?trust-store="
                  + redis.trustStore()
                  + "&trust-store-password-file="
                  + redis.trustStorePasswordFile()
                  + "&flush=5s");
      try (KeyValueStore store = NadbDriverManager.open(redis.url())) {
        store.set("k", new byte[] {1});
        assertThat(store.get("k")).contains(new byte[] {1});
      }

      RedisServer stranger =
          new RedisServer(redis.backing(), new RespConnection.Access(null, "secret", true, null));
      assertThatThrownBy(() -> stranger.command("PING"))
          .rootCause()
          .hasMessageContaining("unable to find valid certification path");
    }
  }

  @Test
  void aServerWithoutTlsHasNoTrustStore() {
    try (RedisServer redis = RedisServer.start()) {
      assertThat(redis.isTls()).isFalse();
      assertThatThrownBy(redis::trustStore).hasMessage("the server was started without tls()");
    }
  }

  @Test
  void aFullServerRefusesWrites() {
    try (RedisServer redis = RedisServer.builder().maxMemory(1).start()) {
      assertThatThrownBy(() -> redis.command("SET", "k", "v"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("OOM");
    }
  }

  @Test
  void aReplicaFollowsAndRefusesWrites() {
    try (RedisServer primary = RedisServer.builder().password("secret").start();
        RedisServer replica = RedisServer.builder().password("secret").replicaOf(primary).start()) {
      primary.command("SET", "k", "v");

      assertThat(primary.command("WAIT", "1", "10000")).isEqualTo("1");
      assertThat(replica.command("GET", "k")).isEqualTo("v");
      assertThatThrownBy(() -> replica.command("SET", "k", "w")).hasMessageContaining("READONLY");
    }
  }

  @Test
  void aServerThatDoesNotStartShowsItsLog() {
    RedisServer.Builder builder = RedisServer.builder().config("no-such-directive", "1");

    assertThatThrownBy(builder::start)
        .hasMessageContaining("did not accept connections")
        .hasMessageContaining("no-such-directive");
  }

  private static long process(RedisServer redis) {
    return redis
        .command("INFO", "server")
        .lines()
        .filter(line -> line.startsWith("process_id:"))
        .mapToLong(line -> Long.parseLong(line.substring("process_id:".length())))
        .findFirst()
        .orElseThrow();
  }
}
