package io.nadb.benchmarks.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testkit.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;

/** A way to set and get entries on a server that many threads go at once. */
interface Client extends AutoCloseable {

  /** What it is called in tables. */
  String label();

  void set(String key, byte[] value);

  byte[] get(String key);

  @Override
  void close();

  /** All of them: NADB, Jedis's pool, and Lettuce on one connection, as they are by default. */
  static List<Client> all(RedisServer server) {
    return List.of(new Nadb(server), new JedisPool(server), new Lettuce(server));
  }

  /** NADB. */
  record Nadb(StoreRegistry registry, KeyValueStore store) implements Client {
    Nadb(RedisServer server) {
      this(StoreRegistry.create(), server.url("sweep=off"));
    }

    private Nadb(StoreRegistry registry, String url) {
      this(registry, registry.open(url));
    }

    @Override
    public String label() {
      return "nadb";
    }

    @Override
    public void set(String key, byte[] value) {
      store.set(key, value);
    }

    @Override
    public byte[] get(String key) {
      return store.get(key).orElseThrow();
    }

    @Override
    public void close() {
      registry.close();
    }
  }

  /** Jedis, whose pool has eight connections. */
  record JedisPool(RedisClient jedis) implements Client {
    private static final byte[] VALUE = {'v'};

    JedisPool(RedisServer server) {
      this(RedisClient.create(server.host(), server.port()));
    }

    @Override
    public String label() {
      return "Jedis, a pool of 8";
    }

    @Override
    @SuppressWarnings("ArrayAsKeyOfSetOrMap") // Jedis goes through it without looking anything up.
    public void set(String key, byte[] value) {
      jedis.hset(("by-hand:" + key).getBytes(StandardCharsets.UTF_8), Map.of(VALUE, value));
    }

    @Override
    public byte[] get(String key) {
      return jedis.hget(("by-hand:" + key).getBytes(StandardCharsets.UTF_8), VALUE);
    }

    @Override
    public void close() {
      jedis.close();
    }
  }

  /** Lettuce, whose callers share one connection. */
  record Lettuce(
      io.lettuce.core.RedisClient client, StatefulRedisConnection<byte[], byte[]> connection)
      implements Client {
    private static final byte[] VALUE = {'v'};

    Lettuce(RedisServer server) {
      this(io.lettuce.core.RedisClient.create("redis://" + server.host() + ":" + server.port()));
    }

    private Lettuce(io.lettuce.core.RedisClient client) {
      this(client, client.connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    public String label() {
      return "Lettuce, one connection";
    }

    @Override
    public void set(String key, byte[] value) {
      connection.sync().hset(("by-hand:" + key).getBytes(StandardCharsets.UTF_8), VALUE, value);
    }

    @Override
    public byte[] get(String key) {
      return connection.sync().hget(("by-hand:" + key).getBytes(StandardCharsets.UTF_8), VALUE);
    }

    @Override
    public void close() {
      client.shutdown();
    }
  }
}
