package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store whose server sentinels watch over: it is always on the one that they call the master. */
@Timeout(120)
class RedisSentinelIT extends WatchedServers {
  private static final byte[] NEW = "new".getBytes(UTF_8);

  /**
   * The former master takes writes for some ten seconds more, until the sentinel demotes it; its
   * news must be there long before.
   */
  private void setUntilFollowed(KeyValueStore store) {
    for (int i = 0; !value(replica, "k").equals("new"); i++) {
      assertThat(i).isLessThan(1000);
      setInTheEnd(store, "k");
    }
  }

  /** What an application does: it tries again. */
  private static void setInTheEnd(KeyValueStore store, String key) {
    for (int i = 0; ; i++) {
      try {
        store.set(key, NEW, SetOptions.tags("t"));
        return;
      } catch (NadbException e) {
        if (i == 1_000_000) {
          throw e;
        }
      }
    }
  }

  @Test
  void aStoreFollowsWhomTheSentinelsMakeTheMaster() {
    KeyValueStore store = registry.open(url(""));
    setOnBoth("k");
    assertThat(value(master, "k")).isEqualTo("old");

    failOver();
    setUntilFollowed(store);
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, NEW);
    }
    assertThat(value(replica, "k")).isEqualTo("new");
    assertThat(value(replica, "k99")).isEqualTo("new");
    assertThat(replica.command("ROLE")).startsWith("master");
    assertThat(store.queryByTags("t")).hasSize(1);
    assertThat(store.size()).isEqualTo(101);
  }

  /** The sentinel that does it says who is the master when all others follow, or after a while. */
  @Test
  void aStoreFollowsBeforeTheOtherReplicasDo() {
    RedisServer other =
        owned(RedisServer.builder().replicaOf(master).config("replica-priority", "0").start());
    log(sentinel).awaitLine("+slave slave 127.0.0.1:" + other.port());
    sentinel.command("SENTINEL", "SET", "mymaster", "failover-timeout", "600000");
    KeyValueStore store = registry.open(url(""));
    setOnBoth("k");
    other.command("CONFIG", "SET", "masterauth", "wrong");

    beginFailOver();
    log(sentinel).awaitLine("+promoted-slave");
    setUntilFollowed(store);
    assertThat(replica.command("ROLE")).startsWith("master");
  }

  @Test
  void aMasterThatIsKilledIsReplaced() {
    KeyValueStore store = registry.open(url("&timeout=500ms"));
    setOnBoth("k");
    master.kill();

    setInTheEnd(store, "other");
    assertThat(value(replica, "other")).isEqualTo("new");
    assertThat(store.get("k")).contains(OLD);
  }

  @Test
  void whatIsKeptNearOfAFormerMasterIsGone() {
    setOnBoth("k");
    KeyValueStore store = registry.open(url("&near=1mb"));
    while (store.stats().nearHits() == 0) {
      assertThat(store.get("k")).contains(OLD);
    }
    failOver();
    try (StoreRegistry own = StoreRegistry.create(TimeSource.system())) {
      setUntilFollowed(own.open(url("")));
    }

    Optional<byte[]> seen = store.get("k");
    for (int i = 0; !Arrays.equals(seen.orElseThrow(), NEW); i++) { // News takes milliseconds.
      assertThat(i).isLessThan(100_000_000);
      seen = store.get("k");
    }
    long before = store.stats().nearHits();
    while (store.stats().nearHits() == before) {
      assertThat(store.get("k")).as("from the new one").contains(NEW);
    }
  }

  /**
   * Does something on a connection that there is to a master that hangs, until another takes over.
   */
  private void whileTheMasterHangs(Consumer<KeyValueStore> action) throws Exception {
    StoreRegistry still = StoreRegistry.create(new VirtualTime()); // No connection rests.
    KeyValueStore store = still.open(url("&timeout=30m"));
    setOnBoth("k");
    assertThat(store.contains("k")).isTrue();
    String pid = pid(master);
    signal("-STOP", pid);
    try {
      action.accept(store);
      store.set("other", NEW);
      assertThat(value(replica, "other")).isEqualTo("new");
    } finally {
      signal("-CONT", pid);
      still.close();
    }
  }

  @Test
  void aReadThatWaitsForAMasterThatHangsIsRepeatedWhenAnotherOneTakesOver() throws Exception {
    whileTheMasterHangs(store -> assertThat(store.contains("k")).isTrue());
  }

  @Test
  void aWriteThatWaitsForAMasterThatHangsIsInDoubtWhenAnotherOneTakesOver() throws Exception {
    whileTheMasterHangs(
        store ->
            assertThatThrownBy(() -> store.set("k", NEW))
                .isInstanceOf(NadbConnectionException.class)
                .hasMessageContaining("may have been carried out or not"));
  }

  @Test
  void sentinelsThatAreDownAreNoOutage() {
    KeyValueStore store = registry.open(url(""));
    store.set("k", OLD);
    sentinel.kill();
    master.command("CLIENT", "KILL", "TYPE", "normal");

    assertThat(store.get("k")).contains(OLD);
    store.set("k", NEW);
    assertThat(store.get("k")).contains(NEW);
  }

  @Test
  void someOfTheSentinelsAreEnough() {
    RedisServer gone = owned(RedisServer.start());
    gone.kill();
    String url =
        "nadb:redis-sentinel://127.0.0.1:%d,127.0.0.1:%d/mymaster/3?sweep=off"
            .formatted(gone.port(), sentinel.port());
    registry.open(url).set("k", NEW);

    assertThat(master.command("INFO", "keyspace")).contains("db3:keys");
  }

  @Test
  void whatIsWrongWithTheSentinelsIsSaid() {
    String place = "nadb:redis-sentinel://127.0.0.1:" + sentinel.port();

    assertThatThrownBy(() -> registry.open(place + "/other"))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("no sentinel tells where the master is")
        .hasMessageContaining("127.0.0.1:" + sentinel.port() + ": it knows no master 'other'");
    assertThatThrownBy(
            () -> registry.open("nadb:redis-sentinel://127.0.0.1:" + master.port() + "/mymaster"))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("no sentinel tells where the master is");
    sentinel.kill();
    assertThatThrownBy(() -> registry.open(place + "/mymaster"))
        .isInstanceOf(NadbConnectionException.class)
        .hasMessageContaining("no sentinel tells where the master is")
        .hasMessageContaining("127.0.0.1:" + sentinel.port());
  }

  @Test
  void masterAndSentinelsHavePasswordsOfTheirOwnAndTls() throws Exception {
    master =
        owned(
            RedisServer.builder()
                .tls()
                .password("of the master")
                .config("repl-diskless-sync-delay", "0")
                .start());
    replica =
        owned(
            RedisServer.builder()
                .tlsLike(master)
                .password("of the master")
                .replicaOf(master)
                .start());
    sentinel =
        owned(
            RedisServer.builder()
                .tlsLike(master)
                .password("of the sentinel")
                .sentinelOf("mymaster", master, 1)
                .start());
    awaitReplica();
    Path file = Files.writeString(directory.resolve("sentinel"), "of the sentinel\n");
    String url =
        "nadb:rediss-sentinel://:of%20the%20master@127.0.0.1:"
            + sentinel.port()
            + "/mymaster?sweep=off&timeout=5s&trust-store="
            + master.trustStore()
            + "&trust-store-password-file="
            + master.trustStorePasswordFile();

    assertThatThrownBy(() -> registry.open(url))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("NOAUTH");
    KeyValueStore store = registry.open(url + "&sentinel-password-file=" + file);
    store.set("k", OLD);
    failOver();
    setUntilFollowed(store);

    assertThat(value(replica, "k")).isEqualTo("new");
  }
}
