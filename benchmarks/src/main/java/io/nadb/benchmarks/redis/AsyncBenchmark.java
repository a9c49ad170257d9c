package io.nadb.benchmarks.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.nadb.AsyncKeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.testkit.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * The command {@code benchmarks/run --redis-async}: one thread that keeps so and so many calls
 * under way, by {@code async()} of NADB and of Lettuce on one connection, in turns against one
 * server.
 */
public final class AsyncBenchmark {
  private static final int[] UNDER_WAY = {1, 16, 128, 1024};
  private static final int KEYS = 10_000;
  private static final int VALUE_BYTES = 100;
  private static final int ROUNDS = 3;
  private static final byte[] FIELD = {'v'};

  private final Values values = new Values(VALUE_BYTES);
  private final long nanos;
  private final AsyncKeyValueStore nadb;
  private final RedisAsyncCommands<byte[], byte[]> lettuce;

  private AsyncBenchmark(
      long nanos, AsyncKeyValueStore nadb, RedisAsyncCommands<byte[], byte[]> lettuce) {
    this.nanos = nanos;
    this.nadb = nadb;
    this.lettuce = lettuce;
  }

  /** Something that is called. */
  private record Contestant(String label, IntFunction<CompletionStage<?>> call) {}

  /**
   * Measures; returns the section of the page.
   *
   * @param millis how long a round takes
   */
  public static String run(String how, int millis) throws InterruptedException {
    try (RedisServer server = RedisServer.start();
        StoreRegistry registry = StoreRegistry.create()) {
      io.lettuce.core.RedisClient client =
          io.lettuce.core.RedisClient.create("redis://" + server.host() + ":" + server.port());
      try (StatefulRedisConnection<byte[], byte[]> connection =
          client.connect(ByteArrayCodec.INSTANCE)) {
        AsyncKeyValueStore nadb = registry.open(server.url("sweep=off")).async();
        return new AsyncBenchmark(millis * 1_000_000L, nadb, connection.async())
            .measure(how + "\n- " + server.origin());
      } finally {
        client.shutdown();
      }
    }
  }

  private static byte[] byHand(int key) {
    return ("by-hand:" + Keys.of(key)).getBytes(StandardCharsets.UTF_8);
  }

  private String measure(String how) throws InterruptedException {
    List<Contestant> contestants =
        List.of(
            new Contestant("nadb, gets/s", key -> nadb.get(Keys.of(key))),
            new Contestant("Lettuce, HGET/s", key -> lettuce.hget(byHand(key), FIELD)),
            new Contestant("nadb, sets/s", key -> nadb.set(Keys.of(key), values.of(key, 0))),
            new Contestant(
                "Lettuce, HSET/s", key -> lettuce.hset(byHand(key), FIELD, values.of(key, 0))));
    for (int key = 0; key < KEYS; key++) {
      contestants.get(2).call.apply(key).toCompletableFuture().join();
      contestants.get(3).call.apply(key).toCompletableFuture().join();
    }
    StringBuilder table = new StringBuilder("| under way");
    contestants.forEach(each -> table.append(" | ").append(each.label));
    table.append(" | gets, × Lettuce | sets, × Lettuce |\n|--:").append("|--:".repeat(6));
    table.append("|\n");
    for (int most : UNDER_WAY) {
      double[] medians = medians(contestants, most);
      table.append("| ").append(most);
      for (double median : medians) {
        table.append(String.format(Locale.ROOT, " | %,.0f", median));
      }
      table.append(
          String.format(
              Locale.ROOT, " | %.2f | %.2f |%n", medians[0] / medians[1], medians[2] / medians[3]));
    }
    return "## Without waiting\n\n"
        + "One thread that keeps a number of calls under way, on values of "
        + VALUE_BYTES
        + " bytes: calls that were answered in a second, the median of "
        + ROUNDS
        + " rounds. A set of NADB is a script that keeps times and looks at the old entry's indexes;"
        + " by hand, it is one `HSET` of one field, on Lettuce's one connection.\n\n- "
        + how
        + "\n\n"
        + table;
  }

  private double[] medians(List<Contestant> contestants, int most) throws InterruptedException {
    List<double[]> figures = new ArrayList<>();
    contestants.forEach(each -> figures.add(new double[ROUNDS]));
    for (int round = -1; round < ROUNDS; round++) {
      for (int i = 0; i < contestants.size(); i++) {
        double figure = round(contestants.get(i), most);
        if (round >= 0) { // The first one warms up.
          figures.get(i)[round] = figure;
        }
      }
    }
    return figures.stream()
        .mapToDouble(
            each -> {
              Arrays.sort(each);
              return each[ROUNDS / 2];
            })
        .toArray();
  }

  /** Calls as long as a round takes; returns how many were answered in a second. */
  private double round(Contestant contestant, int most) throws InterruptedException {
    Semaphore free = new Semaphore(most);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    SplittableRandom random = new SplittableRandom(most);
    long begun = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - begun < nanos) {
      free.acquire();
      contestant
          .call
          .apply(random.nextInt(KEYS))
          .whenComplete(
              (answer, thrown) -> {
                if (thrown != null) {
                  failure.set(thrown);
                }
                free.release();
              });
      count++;
    }
    free.acquire(most);
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (failure.get() != null) {
      throw new IllegalStateException(contestant.label + " failed", failure.get());
    }
    return count / seconds;
  }
}
