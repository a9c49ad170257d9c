package io.nadb.benchmarks.redis;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.testkit.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/**
 * The command {@code benchmarks/run --redis-sizing}: how many bytes an entry takes in the server's
 * memory, and how much of its time a call, beside plain commands.
 */
public final class SizingBenchmark {
  private static final Duration TTL = Duration.ofHours(1);
  private static final String LISTPACK = "hash-max-listpack-value";

  private final RedisServer server;
  private final StoreRegistry registry;
  private final RedisClient jedis;
  private final int entries;
  private final StringBuilder memory = new StringBuilder();
  private final StringBuilder time = new StringBuilder();

  private SizingBenchmark(
      RedisServer server, StoreRegistry registry, RedisClient jedis, int entries) {
    this.server = server;
    this.registry = registry;
    this.jedis = jedis;
    this.entries = entries;
  }

  /** Measures with so many entries; returns the section of the page. */
  public static String run(String how, int entries) {
    try (RedisServer server = RedisServer.start();
        StoreRegistry registry = StoreRegistry.create();
        RedisClient jedis = RedisClient.create(server.host(), server.port())) {
      SizingBenchmark benchmark = new SizingBenchmark(server, registry, jedis, entries);
      benchmark.measureMemory();
      benchmark.measureTime();
      return benchmark.section(how + "\n- " + server.origin());
    }
  }

  private String section(String how) {
    return "## Sizing\n\n"
        + String.format(
            Locale.ROOT,
            "What the server's `used_memory` grows by for each of %,d entries, with keys of %d bytes;"
                + " `%s` is 64 by default, and a larger value keeps an entry with a larger value as"
                + " one piece of memory.%n%n",
            entries,
            Keys.LENGTH,
            LISTPACK)
        + "- "
        + how
        + "\n\n| bytes in memory for each | value of 100 bytes | of 1000 bytes |\n|---|--:|--:|\n"
        + memory
        + "\nHow long the server's main thread is busy for a call of one thread, network included,"
        + " with values of 100 bytes.\n\n| call | µs |\n|---|--:|\n"
        + time;
  }

  /** Options by number of the entry. */
  private interface Options {
    SetOptions of(int i);
  }

  private void measureMemory() {
    memory(
        "plain `SET` with `PX`",
        "64",
        values -> {
          try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < entries; i++) {
              pipeline.set(plain(i), values.of(i, 0), SetParams.setParams().px(TTL.toMillis()));
              if (i % 1000 == 999) {
                pipeline.sync();
              }
            }
          }
        });
    for (String listpack : new String[] {"64", "8192"}) {
      String with = listpack.equals("64") ? "" : ", `" + LISTPACK + " 8192`";
      memory("nadb" + with, listpack, values -> fill(values, i -> SetOptions.none()));
      memory("nadb, with a TTL" + with, listpack, values -> fill(values, i -> SetOptions.ttl(TTL)));
      memory(
          "nadb, with three tags" + with,
          listpack,
          values -> fill(values, i -> SetOptions.tags("all", "half" + i % 2, "one" + i % 1000)));
    }
  }

  /** Makes the entries. */
  private interface Filling {
    void fill(Values values);
  }

  private void fill(Values values, Options options) {
    try (KeyValueStore store = registry.open(server.url("buffer=4mb", "sweep=off"))) {
      for (int i = 0; i < entries; i++) {
        store.set(Keys.of(i), values.of(i, 0), options.of(i));
      }
    }
  }

  private void memory(String what, String listpack, Filling filling) {
    server.command("CONFIG", "SET", LISTPACK, listpack);
    memory.append("| ").append(what);
    for (int size : new int[] {100, 1000}) {
      server.command("FLUSHALL");
      double before = info("memory", "used_memory");
      filling.fill(new Values(size));
      memory.append(
          String.format(
              Locale.ROOT, " | %.0f", (info("memory", "used_memory") - before) / entries));
    }
    memory.append(" |\n");
  }

  private void measureTime() {
    server.command("CONFIG", "SET", LISTPACK, "64");
    server.command("FLUSHALL");
    Values values = new Values(100);
    KeyValueStore store = registry.open(server.url("sweep=off"));
    SetOptions tagged = SetOptions.ttl(TTL).withTags("session", "web");
    time("plain `SET`", i -> jedis.set(plain(i), values.of(i, 0)));
    time("plain `GET`", i -> jedis.get(plain(i)));
    time("`set` of a new key", i -> store.set(Keys.of(i), values.of(i, 0)));
    time("`set`", i -> store.set(Keys.of(i), values.of(i, 1)));
    time("`get`", i -> store.get(Keys.of(i)));
    time("`metadata`", i -> store.metadata(Keys.of(i)));
    time("`increment`", i -> store.increment("n" + i, 1));
    time(
        "`set` with two tags and a TTL, of a new key",
        i -> store.set("t" + i, values.of(i, 0), tagged));
    time("`set` with two tags and a TTL", i -> store.set("t" + i, values.of(i, 1), tagged));
    time("`touch`", i -> store.touch("t" + i, TTL));
    time(
        "a transaction that reads one entry and writes it",
        i ->
            store.transaction(
                each -> {
                  boolean there = each.get(Keys.of(i)).isPresent();
                  each.set(Keys.of(i), values.of(i, 2));
                  return there;
                }));
    double before = busySeconds();
    int hits = store.queryByTags("session").size();
    row("`queryByTags`, for each hit", (busySeconds() - before) / hits);
    time("`delete` of an entry with two tags and a TTL", i -> store.delete("t" + i));
    time("`delete`", i -> store.delete(Keys.of(i)));
    try (KeyValueStore behind = registry.open(server.url("db=behind", "buffer=1mb", "sweep=off"))) {
      before = busySeconds();
      for (int i = 0; i < entries; i++) {
        behind.set(Keys.of(i), values.of(i, 0));
      }
      behind.flush();
      row("`set` from a buffer, of a new key", (busySeconds() - before) / entries);
    }
  }

  private void time(String what, IntConsumer call) {
    int calls = entries / 4;
    double before = busySeconds();
    for (int i = 0; i < calls; i++) {
      call.accept(i);
    }
    row(what, (busySeconds() - before) / calls);
  }

  private void row(String what, double seconds) {
    time.append(String.format(Locale.ROOT, "| %s | %.1f |%n", what, seconds * 1e6));
  }

  private double busySeconds() {
    return info("cpu", "used_cpu_user_main_thread") + info("cpu", "used_cpu_sys_main_thread");
  }

  private double info(String section, String field) {
    Matcher found =
        Pattern.compile("(?m)^" + field + ":([0-9.]+)").matcher(server.command("INFO", section));
    if (!found.find()) {
      throw new IllegalStateException("the server does not tell " + field);
    }
    return Double.parseDouble(found.group(1));
  }

  private static byte[] plain(int i) {
    return ("plain:" + Keys.of(i)).getBytes(StandardCharsets.UTF_8);
  }
}
