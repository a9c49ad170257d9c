package io.nadb.benchmarks.redis;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.benchmarks.data.Values;
import io.nadb.testkit.redis.RedisServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;

/**
 * The command {@code benchmarks/run --redis-large}: what concerns many of a million entries with
 * three tags each, and how long other clients of the server wait meanwhile.
 */
public final class LargeBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final int IN_COMMON = 10;
  private static final int OWNERS = 10_000;
  private static final int REPEATED = 5;
  private static final int PIPELINED = 1000;

  private final int keys;
  private final RedisServer server;
  private final KeyValueStore store;
  private final Pulse pulse;
  private final StringBuilder table = new StringBuilder();
  private long mostHeap;

  private LargeBenchmark(int keys, RedisServer server, KeyValueStore store, Pulse pulse) {
    this.keys = keys;
    this.server = server;
    this.store = store;
    this.pulse = pulse;
  }

  /** Measures with so many entries; returns the section of the page. */
  public static String run(String how, int keys) throws IOException {
    try (RedisServer server = RedisServer.start();
        StoreRegistry registry = StoreRegistry.create()) {
      fill(registry, server, keys);
      KeyValueStore store = registry.open(server.url("sweep=off"));
      try (Pulse pulse = Pulse.of(server)) {
        return new LargeBenchmark(keys, server, store, pulse).measure(how);
      }
    }
  }

  private static void fill(StoreRegistry registry, RedisServer server, int keys) {
    Values values = new Values(VALUE_BYTES);
    try (KeyValueStore store = registry.open(server.url("sweep=off", "buffer=16mb"))) {
      for (int i = 0; i < keys; i++) {
        store.set(String.format(Locale.ROOT, "key:%09d", i), values.of(i, 0), tags(i));
      }
    }
  }

  /**
   * All have one tag; each half has one, every tenth one of two others, and the rest owners. Ten
   * entries have both of each.
   */
  private static SetOptions tags(int i) {
    if (i < IN_COMMON) {
      return SetOptions.tags("all", "even", "odd", "ones", "twos");
    }
    String half = i % 2 == 0 ? "even" : "odd";
    String third = i % 10 == 1 ? "ones" : i % 10 == 2 ? "twos" : "owner:" + i % OWNERS;
    return SetOptions.tags("all", half, third);
  }

  private String measure(String how) {
    String memory = memory();
    Pulse.Beats idle = beats(2_000_000_000L);
    work("a plain `GET` of nothing, as often as there are entries", 0, 1, this::plain, keys);
    store.queryByTags("owner:4");
    work("`tags()`", 1000, REPEATED, () -> sum(store.tags()), 3L * keys + 2 * IN_COMMON);
    work(
        "`queryByTags`, two tags with a tenth of the entries each, 10 in common",
        100,
        REPEATED,
        () -> store.queryByTags("ones", "twos").size(),
        IN_COMMON);
    work(
        "`queryByTags`, two tags with half of the entries each, 10 in common",
        100,
        REPEATED,
        () -> store.queryByTags("even", "odd").size(),
        IN_COMMON);
    work("`query().allTags(\"all\").stream()`, all entries", 0, 1, this::stream, keys);
    work("`query().allTags(\"all\").limit(100).page()`", 0, REPEATED, this::page, 100);
    work("`clear()`", 10_000, 1, this::clear, 0);
    return "## A million entries\n\n"
        + String.format(
            Locale.ROOT,
            "%,d entries of %d bytes with three tags each, %s in the server. Beside it, another"
                + " process sends a `PING` five thousand times a second, and waits at most so long"
                + " for the answer; %.1f ms while nothing else is done (p99.9 %.1f ms). The longest"
                + " command is the server's own account.%n%n- %s%n- %s%n%n",
            keys,
            VALUE_BYTES,
            memory,
            idle.longest(),
            idle.p999(),
            how,
            server.origin())
        + "| work | target | ms | met | longest command, ms | longest `PING`, ms | its p99.9 |\n"
        + "|---|--:|--:|--:|--:|--:|--:|\n"
        + table
        + String.format(
            Locale.ROOT,
            "%nWhile they are streamed, %.0f MB more are in use in this JVM than before.%n",
            mostHeap / 1e6);
  }

  /** What takes no time at all shows for how long the machine holds a server up by itself. */
  private long plain() {
    long count = 0;
    try (RedisClient client = RedisClient.create(server.host(), server.port())) {
      while (count < keys) {
        try (AbstractPipeline pipeline = client.pipelined()) {
          for (int i = 0; i < PIPELINED && count < keys; i++, count++) {
            pipeline.get("nothing");
          }
        }
      }
    }
    return count;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private long stream() {
    long before = usedHeap();
    long count = 0;
    try (Stream<?> entries = store.query().allTags("all").stream()) {
      for (Iterator<?> i = entries.iterator(); i.hasNext(); i.next()) {
        count++;
        if (count % (keys / 4) == 0) {
          mostHeap = Math.max(mostHeap, usedHeap() - before);
        }
      }
    }
    return count;
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private long page() {
    return store.query().allTags("all").limit(100).page().entries().size();
  }

  private long clear() {
    store.clear();
    return store.size();
  }

  private void work(String what, int target, int times, LongSupplier work, long expected) {
    server.command("CONFIG", "SET", "slowlog-log-slower-than", "500");
    server.command("CONFIG", "SET", "slowlog-max-len", "100000");
    server.command("SLOWLOG", "RESET");
    pulse.beats();
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      long begun = System.nanoTime();
      long answer = work.getAsLong();
      millis[i] = (System.nanoTime() - begun) / 1e6;
      if (answer != expected) {
        throw new IllegalStateException(what + " answers " + answer + " instead of " + expected);
      }
    }
    Pulse.Beats beats = pulse.beats();
    Arrays.sort(millis);
    double median = millis[times / 2];
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %,.1f | %s | %.1f | %.1f | %.1f |%n",
            what,
            target == 0 ? "" : String.format(Locale.ROOT, "%,d", target),
            median,
            target == 0 ? "" : median <= target ? "yes" : "**no**",
            SlowLog.longestMillis(server),
            beats.longest(),
            beats.p999()));
  }

  private Pulse.Beats beats(long nanos) {
    pulse.beats();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return pulse.beats();
  }

  private String memory() {
    return server
        .command("INFO", "memory")
        .lines()
        .filter(line -> line.startsWith("used_memory_human:"))
        .map(line -> line.strip().substring("used_memory_human:".length()) + "B")
        .findFirst()
        .orElse("?");
  }
}
