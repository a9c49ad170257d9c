package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** How often a call goes to the server and back, however much is stored. */
class RedisRoundTripsIT {
  private static final byte[] VALUE = "v".getBytes(UTF_8);
  private static final SetOptions OPTIONS = SetOptions.ttl(ofHours(1)).withTags("all", "some");

  private final RedisServer server = RedisServer.start();
  private final RedisProxy proxy = RedisProxy.to(server);
  private final StoreRegistry registry = StoreRegistry.create(TimeSource.system());
  private final KeyValueStore store =
      registry.open("nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off");

  @BeforeEach
  void loadTheScripts() {
    store.set("k", VALUE);
    store.queryByTags("all");
    store.delete("k");
  }

  @AfterEach
  void close() {
    registry.close();
    proxy.close();
    server.close();
  }

  @Test
  void setGetAndDeleteTakeOneHoweverMuchIsStored() {
    for (int stored = 0; stored <= 2000; stored += 1000) {
      fill(stored);

      assertThat(roundTrips(() -> store.set("k", VALUE, OPTIONS))).isEqualTo(1);
      assertThat(roundTrips(() -> store.set("k", VALUE, SetOptions.tags("some", "other"))))
          .isEqualTo(1);
      assertThat(roundTrips(() -> store.set("k", VALUE, SetOptions.none().keepingTags())))
          .isEqualTo(1);
      assertThat(roundTrips(() -> store.get("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.metadata("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.contains("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.delete("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.get("k"))).as("of an absent key").isEqualTo(1);
      assertThat(roundTrips(() -> store.delete("k"))).as("of an absent key").isEqualTo(1);
    }
  }

  @Test
  void aChangeTakesOneHoweverMuchIsStoredAndAComputationTwo() {
    changeOnce("k");
    for (int stored = 0; stored <= 1000; stored += 1000) {
      fill(stored);
      store.delete("k");

      assertThat(roundTrips(() -> store.setIfAbsent("k", VALUE, OPTIONS))).isEqualTo(1);
      assertThat(roundTrips(() -> store.setIfAbsent("k", VALUE, OPTIONS))).isEqualTo(1);
      assertThat(roundTrips(() -> store.setIfPresent("k", VALUE, OPTIONS))).isEqualTo(1);
      assertThat(roundTrips(() -> store.replace("k", VALUE, VALUE))).isEqualTo(1);
      assertThat(roundTrips(() -> store.getAndSet("k", VALUE, OPTIONS))).isEqualTo(1);
      assertThat(roundTrips(() -> store.touch("k", ofHours(2)))).isEqualTo(1);
      assertThat(roundTrips(() -> store.entry("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.delete("k", VALUE))).isEqualTo(1);
      assertThat(roundTrips(() -> store.getAndDelete("k"))).isEqualTo(1);
      assertThat(roundTrips(() -> store.increment("k", 1))).isEqualTo(1);
      assertThat(roundTrips(() -> store.increment("k", 1))).isEqualTo(1);
      assertThat(roundTrips(() -> store.compute("k", old -> old))).isEqualTo(2);
    }
  }

  @Test
  void manyKeysTakeOneToBeSetAndOneForEach256ToBeRead() {
    Map<String, byte[]> entries = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      entries.put("k" + i, VALUE);
    }
    store.setAll(entries, OPTIONS); // So that the server knows the script.

    assertThat(roundTrips(() -> store.setAll(entries, OPTIONS))).isEqualTo(1);
    List<String> keys = List.copyOf(entries.keySet());
    proxy.holdAnswers(); // The server may begin to answer before it has all of a long pipeline.
    proxy.onRequest("e:" + keys.get(255) + "\r\n", proxy::heal);
    assertThat(roundTrips(() -> store.getAll(keys))).isEqualTo(2);
    assertThat(roundTrips(() -> store.getAll(List.of("k1", "k2", "absent")))).isEqualTo(1);
    assertThat(roundTrips(() -> store.getAll(List.of()))).isZero();
  }

  @Test
  void aTransactionTakesOneForEachReadAndOneForItsCommit() {
    transact("a", "b"); // So that the server knows the script.
    for (int stored = 0; stored <= 1000; stored += 1000) {
      fill(stored);
      store.set("a", VALUE, OPTIONS);

      assertThat(roundTrips(() -> transact("a", "b"))).isEqualTo(3);
      assertThat(roundTrips(() -> transact("a"))).isEqualTo(2);
      assertThat(roundTrips(() -> store.transaction(each -> each.get("a")))).isEqualTo(1);
      assertThat(roundTrips(() -> store.transaction(each -> each.metadata("a")))).isEqualTo(1);
      assertThat(
              roundTrips(() -> store.transaction(each -> each.contains("a") && each.contains("b"))))
          .isEqualTo(3);
      assertThat(roundTrips(() -> store.begin().commit())).isZero();
    }
  }

  /** Reads keys, and writes to them and to others. */
  private void transact(String... keys) {
    store.transaction(
        transaction -> {
          for (String key : keys) {
            transaction.get(key);
            transaction.set(key, VALUE, OPTIONS);
            transaction.set("not read " + key, VALUE, OPTIONS);
          }
          return null;
        });
  }

  /** So that the server knows the scripts. */
  private void changeOnce(String key) {
    store.setIfAbsent(key, VALUE);
    store.touch(key, ofHours(1));
    store.delete(key, VALUE);
    store.increment(key, 1);
  }

  @Test
  void noValueIsSentThatIsNotGivenAndNoneAnsweredThatIsNotAskedFor() {
    byte[] large = new byte[1 << 20];
    store.set("k", large, OPTIONS);
    changeOnce("other");

    assertThat(sent(() -> store.touch("k", ofHours(2)))).isLessThan(2_000);
    assertThat(sent(() -> store.setIfAbsent("k", VALUE))).isLessThan(3_000);
    assertThat(sent(() -> store.setIfPresent("k", large, OPTIONS))).isGreaterThan(large.length);
    assertThat(answered(() -> store.setIfPresent("k", large, OPTIONS))).isLessThan(20_000);
    assertThat(answered(() -> store.replace("k", large, large))).isLessThan(20_000);
    store.transaction(transaction -> transaction.delete("k"));
    store.set("k", large, OPTIONS);
    assertThat(answered(() -> store.transaction(each -> each.metadata("k")))).isLessThan(20_000);
    assertThat(answered(() -> store.transaction(each -> each.delete("k")))).isLessThan(20_000);
    store.set("k", large, OPTIONS);
    assertThat(answered(() -> store.delete("k", large))).isLessThan(20_000);
  }

  private long sent(Runnable call) {
    return bytes("total_net_input_bytes", call);
  }

  private long answered(Runnable call) {
    return bytes("total_net_output_bytes", call);
  }

  /** How many bytes the server has received or sent in a call, and for the question how many. */
  private long bytes(String figure, Runnable call) {
    long before = figure(figure);
    call.run();
    return figure(figure) - before;
  }

  private long figure(String name) {
    return server
        .command("INFO", "stats")
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.strip().substring(name.length() + 1)))
        .sum();
  }

  @Test
  void aQueryTakesOneForTheIndexAndOneForTheEntries() {
    fill(50); // No more, or the proxy sees answers before the pipeline has come to its end.

    assertThat(roundTrips(() -> assertThat(store.queryByTags("all", "some")).hasSize(50)))
        .isEqualTo(2);
  }

  @Test
  void aLongQueryAsksForEachEntryOnceAndForTheIndexOnceForEachThousand() {
    fill(2500);
    long scripts = calls("evalsha");
    long reads = calls("hmget");

    assertThat(store.queryByTags("all")).hasSize(2500);

    assertThat(calls("evalsha") - scripts).isEqualTo(3);
    assertThat(calls("hmget") - reads).isEqualTo(2500);
  }

  @Test
  void aQueryForSeveralTagsWalksThroughTheShortestIndex() {
    fill(200);
    store.set("rare", VALUE, SetOptions.tags("all", "rare"));
    long reads = calls("hmget");

    assertThat(store.queryByTags("all", "rare")).hasSize(1);
    assertThat(store.queryByTags("rare", "all")).hasSize(1);

    assertThat(calls("hmget") - reads).isEqualTo(2);
  }

  @Test
  void manyCallsUseOneConnection() {
    fill(1000);

    assertThat(proxy.connections()).as("one to find out what the server is").isEqualTo(2);
  }

  private void fill(int keys) {
    for (int i = 0; i < keys; i++) {
      store.set("key" + i, VALUE, OPTIONS);
    }
  }

  /** How often the server has carried out a command, inside scripts or not. */
  private long calls(String command) {
    try (RedisClient client = RedisClient.create(server.host(), server.port())) {
      return client
          .info("commandstats")
          .lines()
          .filter(line -> line.startsWith("cmdstat_" + command + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+).*", "$1")))
          .sum();
    }
  }

  private long roundTrips(Runnable call) {
    long before = proxy.roundTrips();
    call.run();
    return proxy.roundTrips() - before;
  }
}
