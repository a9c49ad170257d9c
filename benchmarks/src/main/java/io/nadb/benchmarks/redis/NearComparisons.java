package io.nadb.benchmarks.redis;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.benchmarks.data.Keys;
import io.nadb.testkit.redis.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** What reading again costs when entries are kept near. */
final class NearComparisons implements AutoCloseable {
  /** So few of the keys that they fit into every cache here. */
  private static final int KEYS = 1000;

  private final KeyValueStore direct;
  private final KeyValueStore near;
  private final Map<String, byte[]> map = new ConcurrentHashMap<>();
  private final String[] keys;
  private final byte[] firsts;
  private final int repetitions;

  /**
   * Prepares what is read.
   *
   * @param registry where no store of the server is open, so that one with other options can be
   * @param direct the store whose entries are read, which keeps none
   * @param near the options by which another store has the same entries
   */
  NearComparisons(
      RedisServer server,
      StoreRegistry registry,
      KeyValueStore direct,
      String[] near,
      IntFunction<byte[]> values,
      RedisBenchmark.Sizes sizes) {
    this.direct = direct;
    this.near = registry.open(server.url(near));
    this.repetitions = sizes.repetitions();
    this.keys = new String[Math.min(KEYS, sizes.keys())];
    this.firsts = new byte[keys.length];
    for (int i = 0; i < keys.length; i++) {
      firsts[i] = values.apply(i)[0];
      keys[i] = Keys.of(i);
      map.put(keys[i], values.apply(i));
    }
  }

  List<Comparison> all() {
    return List.of(besideOthers(), besideTheServer());
  }

  private Comparison besideOthers() {
    int gets = 1000;
    return new Comparison(
        "Get again",
        "Values of 100 bytes under "
            + keys.length
            + " keys, read before; each caller gets an array"
            + " of his own. NADB has `near=64mb`. The map is a `ConcurrentHashMap` whose values are"
            + " copied. With a look at the clock: nothing is answered that may be older than a"
            + " second, and only the clock tells that. (Jedis has a cache of its own only for Redis"
            + " 7.4 and later.)",
        List.of(
            new Contestant("nadb, near", i -> read(near, gets)),
            new Contestant("a map", i -> readMap(gets)),
            new Contestant("a map, with a look at the clock", i -> readMapInTime(gets))),
        Math.max(1, repetitions / 100),
        gets,
        3);
  }

  private Comparison besideTheServer() {
    int gets = 100;
    return new Comparison(
        "Get again, and get from the server",
        "The same reads, by a store that keeps nothing near.",
        List.of(
            new Contestant("nadb, near", i -> read(near, gets)),
            new Contestant("nadb, from the server", i -> read(direct, gets))),
        Math.max(1, repetitions / 100),
        gets,
        1 / 50.0);
  }

  private void read(KeyValueStore store, int count) {
    for (int i = 0; i < count; i++) {
      check(i, store.get(keys[i % keys.length]).orElseThrow());
    }
  }

  private void readMap(int count) {
    for (int i = 0; i < count; i++) {
      check(i, Objects.requireNonNull(map.get(keys[i % keys.length])).clone());
    }
  }

  private void readMapInTime(int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      RedisBenchmark.check(System.nanoTime() - start < 60_000_000_000L);
      check(i, Objects.requireNonNull(map.get(keys[i % keys.length])).clone());
    }
  }

  private void check(int number, byte[] value) {
    RedisBenchmark.check(value[0] == firsts[number % keys.length]);
  }

  @Override
  public void close() {
    near.close();
  }
}
