package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A master with a replica, and a sentinel that watches over them. */
abstract class WatchedServers {
  static final byte[] OLD = "old".getBytes(UTF_8);

  final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private final List<RedisServer> servers = new ArrayList<>();
  @TempDir Path directory;

  RedisServer master = owned(RedisServer.builder().config("repl-diskless-sync-delay", "0").start());
  RedisServer replica = owned(RedisServer.builder().replicaOf(master).start());
  RedisServer sentinel = owned(RedisServer.builder().sentinelOf("mymaster", master, 1).start());

  @AfterEach
  void close() {
    registry.close();
    servers.forEach(RedisServer::close);
  }

  RedisServer owned(RedisServer server) {
    servers.add(0, server);
    return server;
  }

  @BeforeEach
  void awaitReplica() {
    log(master).awaitLine("Synchronization with replica");
    log(sentinel).awaitLine("+slave slave");
  }

  static ServerLog log(RedisServer server) {
    return ((RedisProcess) server.backing()).log();
  }

  String url(String options) {
    return "nadb:redis-sentinel://127.0.0.1:" + sentinel.port() + "/mymaster?sweep=off" + options;
  }

  /** Sets a key, and returns when the replica has it too. */
  void setOnBoth(String key) {
    try (StoreRegistry own = StoreRegistry.create(TimeSource.system())) {
      KeyValueStore store = own.open(url("&acknowledge=replica&timeout=30s"));
      store.set(key, OLD, SetOptions.tags("t"));
    }
  }

  /** Has the replica made the master; the sentinel may have to look at it first. */
  void failOver() {
    beginFailOver();
    log(sentinel).awaitLine("+switch-master");
  }

  void beginFailOver() {
    for (boolean begun = false; !begun; ) {
      try {
        sentinel.command("SENTINEL", "FAILOVER", "mymaster");
        begun = true;
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("NOGOODSLAVE");
      }
    }
  }

  static String value(RedisServer server, String key) {
    return server.command("HGET", "nadb:{main:default}:e:" + key, "v");
  }

  static String pid(RedisServer server) {
    return server.command("INFO", "server").replaceAll("(?s).*process_id:(\\d+).*", "$1");
  }

  static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }
}
