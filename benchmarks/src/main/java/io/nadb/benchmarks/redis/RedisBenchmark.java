package io.nadb.benchmarks.redis;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.testkit.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/**
 * The command {@code benchmarks/run --redis}: what NADB costs on Redis, beside the same work done
 * by hand with plain Jedis, against one server on this machine.
 */
public final class RedisBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final byte[] VALUE_FIELD = {'v'};
  private static final byte[] META_FIELD = {'m'};
  private static final byte[] CREATED_FIELD = {'c'};
  private static final byte[] TAGS_FIELD = {'t'};
  private static final byte[][] FIELDS = {META_FIELD, CREATED_FIELD, TAGS_FIELD, {'x'}, {'s'}};
  private static final byte[] META = "1767225600000 1767225600000".getBytes(StandardCharsets.UTF_8);
  private static final SetOptions TAGGED =
      SetOptions.ttl(Duration.ofHours(1)).withTags("session", "web");

  private final RedisServer server;
  private final Sizes sizes;
  private final KeyValueStore store;
  private final KeyValueStore behind;
  private final RedisClient jedis;
  private final Values values = new Values(VALUE_BYTES);

  /**
   * How much is done.
   *
   * @param keys how many keys the store has
   * @param repetitions how often a single operation is done in a round
   * @param hits how many entries a query by tag finds
   * @param rounds how many rounds count
   */
  record Sizes(int keys, int repetitions, int hits, int rounds) {
    static final Sizes FULL = new Sizes(10_000, 20_000, 1000, 5);
  }

  private RedisBenchmark(RedisServer server, Sizes sizes) {
    this.server = server;
    this.sizes = sizes;
    this.store = NadbDriverManager.open(server.url("namespace=direct", "sweep=off"));
    this.behind =
        NadbDriverManager.open(server.url("db=behind", "buffer=1mb", "flush=off", "sweep=off"));
    this.jedis = RedisClient.create(server.host(), server.port());
  }

  /** Measures everything on a server of its own; returns the page. */
  public static String run(String how) {
    return run(how, Sizes.FULL);
  }

  static String run(String how, Sizes sizes) {
    try (RedisServer server = RedisServer.start()) {
      RedisBenchmark benchmark = new RedisBenchmark(server, sizes);
      try {
        return benchmark.page(how);
      } finally {
        benchmark.store.close();
        benchmark.behind.close();
        benchmark.jedis.close();
      }
    }
  }

  private String page(String how) {
    RedisPage page = new RedisPage(how + "\n- " + server.origin());
    fill();
    for (Comparison comparison : List.of(set(), taggedSet(), get(), query(), manySets())) {
      page.add(comparison, comparison.measure(server, sizes.rounds()));
    }
    String[] options = {"namespace=direct", "sweep=off", "near=64mb", "name=near"};
    try (StoreRegistry registry = StoreRegistry.create(TimeSource.system());
        NearComparisons near =
            new NearComparisons(server, registry, store, options, this::value, sizes)) {
      for (Comparison comparison : near.all()) {
        page.add(comparison, comparison.measure(server, sizes.rounds()));
      }
    }
    try (SpoolComparison spool = new SpoolComparison(server, store, this::value, sizes)) {
      page.add(spool.comparison(), spool.comparison().measure(server, sizes.rounds()));
    }
    return page.text();
  }

  /** Entries to be read, and to be found by tag. */
  private void fill() {
    for (int i = 0; i < sizes.keys(); i++) {
      boolean hit = i < sizes.hits();
      store.set(Keys.of(i), value(i), hit ? SetOptions.tags("found") : SetOptions.none());
      jedis.hset(byHand(i), fields(value(i)));
      if (hit) {
        jedis.sadd(tag("found"), byHand(i));
      }
    }
  }

  private byte[] value(int number) {
    return values.of(number, 0);
  }

  private byte[] byHand(int number) {
    return ("by-hand:" + Keys.of(number % sizes.keys())).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The fields of an entry made by hand; Jedis goes through the map without looking anything up.
   */
  @SuppressWarnings("ArrayAsKeyOfSetOrMap")
  private static Map<byte[], byte[]> fields(byte[] value) {
    return Map.of(VALUE_FIELD, value, META_FIELD, META);
  }

  private static byte[] tag(String tag) {
    return ("by-hand:tag:" + tag).getBytes(StandardCharsets.UTF_8);
  }

  private int number(int repetition) {
    return Math.floorMod(Keys.mix(repetition), sizes.keys());
  }

  private Comparison set() {
    return new Comparison(
        "Set",
        "A value of 100 bytes under one of the keys there are. By hand, the same work is one"
            + " pipeline: `HSET` of value and time, `HSETNX` of the creation time, `HDEL` of old tags"
            + " and `PERSIST`, which leaves the old tags in their indexes. One `HSET` alone leaves"
            + " all of that to the reader. The Python original sent 2 N + 7 commands for a set among"
            + " N entries, so it would be "
            + (2 * sizes.keys() + 7)
            + " here; NADB's number does not depend on N.",
        List.of(
            new Contestant("nadb", i -> store.set("set" + number(i), value(i))),
            new Contestant("Jedis, one pipeline", this::replaceByHand),
            new Contestant(
                "Jedis, one HSET", i -> jedis.hset(byHand(number(i)), fields(value(i))))),
        sizes.repetitions(),
        1,
        1.2);
  }

  private void replaceByHand(int i) {
    byte[] key = byHand(number(i));
    try (Pipeline pipeline = jedis.pipelined()) {
      pipeline.hset(key, fields(value(i)));
      pipeline.hsetnx(key, CREATED_FIELD, META);
      pipeline.hdel(key, TAGS_FIELD);
      pipeline.persist(key);
      pipeline.sync();
    }
  }

  private Comparison taggedSet() {
    return new Comparison(
        "Set with two tags and a TTL",
        "By hand: `HSET`, `PEXPIRE` and two `SADD` in one pipeline, which leaves an old entry's"
            + " tags in their indexes.",
        List.of(
            new Contestant("nadb", i -> store.set("tagged" + number(i), value(i), TAGGED)),
            new Contestant("Jedis, one pipeline", this::pipelinedSet)),
        sizes.repetitions(),
        1,
        1.2);
  }

  private void pipelinedSet(int i) {
    byte[] key = ("by-hand:tagged" + number(i)).getBytes(StandardCharsets.UTF_8);
    try (Pipeline pipeline = jedis.pipelined()) {
      pipeline.hset(key, fields(value(i)));
      Response<Long> expires = pipeline.pexpire(key, Duration.ofHours(1).toMillis());
      pipeline.sadd(tag("session"), key);
      pipeline.sadd(tag("web"), key);
      pipeline.sync();
      check(expires.get() == 1);
    }
  }

  private Comparison get() {
    return new Comparison(
        "Get",
        "By hand: one `HGET`.",
        List.of(
            new Contestant(
                "nadb",
                i -> check(Arrays.equals(store.get(Keys.of(number(i))).orElseThrow(), at(i)))),
            new Contestant(
                "Jedis, one HGET",
                i -> check(jedis.hget(byHand(number(i)), VALUE_FIELD).length == VALUE_BYTES))),
        sizes.repetitions(),
        1,
        1.2);
  }

  private byte[] at(int repetition) {
    return value(number(repetition));
  }

  private Comparison query() {
    return new Comparison(
        "Query by tag, " + sizes.hits() + " of " + sizes.keys() + " entries",
        "NADB returns times, size and tags of each hit, checked and in key order. By hand:"
            + " `SMEMBERS`, then for each hit an `HMGET` of as many fields, or of one, in one"
            + " pipeline, and nothing is checked. All take two round trips.",
        List.of(
            new Contestant("nadb", i -> check(found() == sizes.hits())),
            new Contestant("Jedis, the same fields", i -> check(byHand(FIELDS) == sizes.hits())),
            new Contestant("Jedis, one field", i -> check(byHand(META_FIELD) == sizes.hits()))),
        Math.max(1, sizes.repetitions() / 40),
        1,
        Comparison.NO_TARGET);
  }

  private long found() {
    List<EntryMetadata> hits = store.queryByTags("found");
    return hits.stream().filter(hit -> hit.size() == VALUE_BYTES).count();
  }

  private long byHand(byte[]... fields) {
    Set<byte[]> members = jedis.smembers(tag("found"));
    try (Pipeline pipeline = jedis.pipelined()) {
      List<Response<List<byte[]>>> answers = new ArrayList<>();
      members.forEach(key -> answers.add(pipeline.hmget(key, fields)));
      pipeline.sync();
      return answers.stream().filter(answer -> answer.get().get(0) != null).count();
    }
  }

  private Comparison manySets() {
    int count = sizes.repetitions();
    return new Comparison(
        "Many sets, until all are in Redis",
        count
            + " sets of new values, microseconds for each: with `buffer=1mb` and a flush at the end,"
            + " and at once. By hand: `HSET` in pipelines of a thousand.",
        List.of(
            new Contestant("nadb, write-behind", i -> setMany(behind, count)),
            new Contestant("nadb, immediate", i -> setMany(store, count)),
            new Contestant("Jedis, pipelines of 1000", i -> pipelineMany(count))),
        1,
        count,
        0.1);
  }

  private void setMany(KeyValueStore target, int count) {
    for (int i = 0; i < count; i++) {
      target.set("many" + i, value(i));
    }
    target.flush();
  }

  private void pipelineMany(int count) {
    for (int from = 0; from < count; from += 1000) {
      try (Pipeline pipeline = jedis.pipelined()) {
        for (int i = from; i < Math.min(count, from + 1000); i++) {
          byte[] key = ("by-hand:many" + i).getBytes(StandardCharsets.UTF_8);
          pipeline.hset(key, fields(value(i)));
        }
        pipeline.sync();
      }
    }
  }

  static void check(boolean right) {
    if (!right) {
      throw new IllegalStateException("something else was read than was written");
    }
  }
}
