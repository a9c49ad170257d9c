package io.nadb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.NadbTimeoutException;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.testkit.redis.RedisCluster;
import io.nadb.testkit.redis.RedisServer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Connection;

/** What depends on the version of Jedis that this module has: connecting, failing, moved slots. */
class JedisIT {
  private static final byte[] VALUE = {1};

  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void thisIsTheVersionThatIsMeant() {
    assertThat(Connection.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .endsWith("/jedis-" + System.getProperty("expected.jedis") + ".jar");
  }

  @Test
  void anEncryptedServerWithAPasswordHoldsAStore() {
    try (RedisServer server = RedisServer.builder().password("right").tls().start()) {
      KeyValueStore store = registry.open(server.url());
      store.set("k", VALUE);
      assertThat(store.get("k")).contains(VALUE);
      String wrong = server.url("db=other").replace("right", "hunter2");
      assertThatThrownBy(() -> registry.open(wrong))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("refuses the user or the password")
          .hasMessageNotContaining("hunter2");
      assertThatThrownBy(
              () -> registry.open("nadb:rediss://127.0.0.1:" + server.port() + "?db=third"))
          .isInstanceOf(NadbConnectionException.class)
          .hasMessageContaining("trust-store");
    }
  }

  @Test
  void aServerThatHangsIsATimeoutAndOneThatIsGoneALostConnection() {
    try (RedisServer server = RedisServer.builder().appendOnly().start()) {
      KeyValueStore store = registry.open(server.url("timeout=200ms"));
      store.set("k", VALUE);
      server.command("CLIENT", "PAUSE", "1000", "ALL");
      assertThatThrownBy(() -> store.get("k")).isInstanceOf(NadbTimeoutException.class);
      server.command("PING"); // Is answered when the pause is over.
      assertThat(store.get("k")).contains(VALUE);
      server.kill();
      assertThatThrownBy(() -> store.get("k")).isInstanceOf(NadbConnectionException.class);
      server.restart();
      assertThat(store.get("k")).contains(VALUE);
    }
  }

  /** The server tells of it on a connection that Jedis makes, but does not read. */
  @Test
  @Timeout(30)
  void whatIsKeptNearIsGoneWhenItHasChanged() {
    try (RedisServer server = RedisServer.builder().password("right").tls().start();
        StoreRegistry others = StoreRegistry.create(TimeSource.system())) {
      KeyValueStore store = registry.open(server.url("near=1mb"));
      KeyValueStore other = others.open(server.url());
      for (byte i = 1; i < 20; i++) {
        byte[] value = {i};
        other.set("k", value);
        while (!Arrays.equals(store.get("k").orElse(VALUE), value)) {
          Thread.onSpinWait();
        }
        long before = store.stats().nearHits();
        while (store.stats().nearHits() == before) {
          assertThat(store.get("k")).contains(value);
        }
      }
      assertThat(store.stats().nearLosses()).isZero();
    }
  }

  @Test
  void aMasterIsFoundThroughItsSentinel() {
    try (RedisServer master = RedisServer.start();
        RedisServer sentinel = RedisServer.builder().sentinelOf("one", master, 1).start()) {
      KeyValueStore store =
          registry.open("nadb:redis-sentinel://127.0.0.1:" + sentinel.port() + "/one");
      store.set("k", VALUE);
      assertThat(master.command("EXISTS", "nadb:{main:default}:e:k")).isEqualTo("1");
    }
  }

  @Test
  void aMovedSlotIsFollowed() {
    try (RedisCluster cluster = RedisCluster.start(3)) {
      KeyValueStore store = registry.open(cluster.url());
      for (int i = 0; i < 100; i++) {
        store.set("k" + i, VALUE);
      }
      for (int partition = 0; partition < 64; partition += 8) {
        String start = "nadb:{main:default:" + partition + "}:";
        String slot = cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", start);
        cluster.moveSlot(Integer.parseInt(slot), cluster.nodes().get(partition / 8 % 3));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(store.get("k" + i)).contains(VALUE);
      }
    }
  }
}
