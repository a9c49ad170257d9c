package io.nadb.testkit.redis;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes keys away when its memory is full: what lives is found all the same. */
class RedisEvictionIT {
  private static final byte[] VALUE = new byte[100];
  private static final String START = "nadb:{main:default}:";

  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry here = StoreRegistry.create(time);
  private final StoreRegistry there = StoreRegistry.create(time);
  private final List<AutoCloseable> servers = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    here.close();
    there.close();
    for (AutoCloseable server : servers) {
      server.close();
    }
  }

  private RedisServer start(String policy, String memory) {
    RedisServer server =
        RedisServer.builder()
            .config("maxmemory", memory)
            .config("maxmemory-policy", policy)
            .config("maxmemory-samples", "10")
            .start();
    servers.add(server);
    return server;
  }

  /** One that may take away all, and has not yet: a test does it for it. */
  private RedisServer startThatMay() {
    return start("allkeys-lru", "1gb");
  }

  private static List<String> hits(KeyValueStore store, String... tags) {
    return store.queryByTags(tags).stream().map(EntryMetadata::key).toList();
  }

  static Stream<Arguments> losses() {
    return Stream.of("i:t", "t", "i:t t", "i:t i:u t x", "i:t i:u")
        .flatMap(lost -> Stream.of(Arguments.of(lost, false), Arguments.of(lost, true)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void anIndexThatIsGoneIsNoticedByTheNextQueryAlsoIfItHasBegunAnew(String lost, boolean anew) {
    RedisServer server = startThatMay();
    KeyValueStore store = here.open(server.url("sweep=off"));
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      keys.add("k" + i);
      store.set("k" + i, VALUE, SetOptions.tags("t", "u").withTtl(ofHours(1)));
    }
    assertThat(hits(store, "t", "u")).isEqualTo(keys);
    for (String key : lost.split(" ", -1)) {
      server.command("DEL", START + key);
    }
    if (anew) {
      keys.add("l");
      store.set("l", VALUE, SetOptions.tags("t"));
      store.set("l", VALUE, SetOptions.tags("t", "u"));
    }

    assertThat(hits(there.open(server.url("sweep=off")), "t")).isEqualTo(keys);
    assertThat(hits(store, "t", "u")).isEqualTo(keys);
    assertThat(store.tags()).containsOnlyKeys("t", "u").containsValues((long) keys.size());
    assertThat(server.command("ZCARD", START + "i:t")).isEqualTo(Integer.toString(keys.size()));
    assertThat(server.command("SISMEMBER", START + "t", "")).as("whole again").isEqualTo("1");
    assertThat(store.stats().indexRebuilds()).isPositive();
    store.delete("k0");
    assertThat(hits(store, "t")).isEqualTo(keys.subList(1, keys.size()));
  }

  @Test
  void tagsAreNotFewerWhenTheListOfThemIsGone() {
    RedisServer server = startThatMay();
    KeyValueStore store = here.open(server.url("sweep=off"));
    store.set("k", VALUE, SetOptions.tags("t"));
    assertThat(store.tags()).containsOnlyKeys("t");
    server.command("DEL", START + "t");
    store.set("l", VALUE, SetOptions.tags("u"));

    assertThat(store.tags()).containsOnlyKeys("t", "u");
    assertThat(hits(store, "none")).isEmpty();
  }

  @Test
  void anIndexThatIsLostWhileItIsMadeAnewIsMadeAnewOnceMore() {
    RedisServer server = startThatMay();
    RedisProxy proxy = RedisProxy.to(server);
    servers.add(0, proxy);
    KeyValueStore store = here.open("nadb:redis://127.0.0.1:" + proxy.port() + "?sweep=off");
    KeyValueStore other = there.open(server.url("sweep=off"));
    for (int i = 0; i < 10; i++) {
      store.set("k" + i, VALUE, SetOptions.tags("t"));
    }
    hits(other, "none"); // From now on the server knows the scripts.
    server.command("DEL", START + "t");
    proxy.onRequest(
        "\r\nend\r\n",
        () -> {
          server.command("DEL", START + "i:t");
          other.set("new", VALUE, SetOptions.tags("t"));
        });

    assertThat(hits(store, "t")).hasSize(10);
    assertThat(hits(store, "t")).hasSize(11);
    assertThat(hits(other, "t")).hasSize(11);
  }

  @Test
  void whereNothingIsTakenAwayAQueryOfSomethingNewWalksThroughNoKeys() {
    RedisServer server = start("volatile-ttl", "1gb");
    KeyValueStore store = here.open(server.url("sweep=off"));
    store.set("k", VALUE, SetOptions.tags("t"));

    assertThat(hits(store, "t")).containsExactly("k");
    assertThat(hits(store, "u")).isEmpty();
    assertThat(server.command("INFO", "commandstats")).doesNotContain("cmdstat_scan");
    assertThat(server.command("SMEMBERS", START + "t")).isEqualTo("t");
    server.command("DEL", START + "i:t");
    assertThat(hits(store, "t")).as("somebody else took it away").containsExactly("k");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allkeys-lru", "allkeys-random"})
  void whatALittleMemoryHasLeftIsFoundWholly(String policy) {
    RedisServer server = start(policy, "3mb");
    KeyValueStore store = here.open(server.url("sweep=off", "partitions=2"));
    for (int i = 0; i < 20_000; i++) {
      store.set("k" + i, VALUE, SetOptions.tags("t", "u" + i % 10));
    }
    server.command("CONFIG", "SET", "maxmemory", "0");
    KeyValueStore other = there.open(server.url("sweep=off"));
    List<String> alive = List.copyOf(other.keys(""));

    assertThat(alive).hasSizeBetween(1000, 19_000);
    assertThat(hits(other, "t")).isEqualTo(alive);
    assertThat(hits(other, "t", "u7"))
        .isEqualTo(alive.stream().filter(key -> key.endsWith("7")).toList());
    assertThat(hits(store, "t")).isEqualTo(alive);
    assertThat(store.tags()).hasSize(11).containsEntry("t", (long) alive.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"volatile-ttl", "allkeys-lfu"})
  void whatIsTakenAwayLeavesNothingThatFillsTheMemory(String policy) {
    RedisServer server = start(policy, "3mb");
    KeyValueStore store = here.open(server.url("sweep=off"));
    SetOptions ttl =
        policy.startsWith("volatile") ? SetOptions.ttl(ofHours(10)) : SetOptions.none();
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 1000; i++) {
        SetOptions options = ttl.withTags("t", "some longer tag " + i % 10);
        store.set("key " + round + " " + i, VALUE, options);
      }
      time.advance(ofSeconds(60));
      store.cleanupExpired();
    }
    long alive = store.size();

    assertThat(alive).isBetween(1000L, 19_000L);
    assertThat(store.stats().evictedKeys()).isPositive();
    if (policy.startsWith("volatile")) {
      assertThat(server.command("ZCARD", START + "x")).isEqualTo(Long.toString(alive));
      assertThat(store.stats().indexRebuilds()).isZero();
    }
    assertThat(server.command("ZCARD", START + "i:t")).isEqualTo(Long.toString(alive));
    assertThat(hits(store, "t")).hasSize((int) alive);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64, 256})
  void howADatabaseIsLaidOutIsFoundOutFromItsEntries(int partitions) {
    RedisServer server = startThatMay();
    KeyValueStore store = here.open(server.url("sweep=off", "partitions=" + partitions));
    for (int i = 0; i < 1000; i++) {
      store.set("k:" + i, VALUE, SetOptions.tags("t"));
    }
    server.command("DEL", "nadb:{main}:format");

    KeyValueStore other = there.open(server.url("sweep=off"));
    assertThat(other.size()).isEqualTo(1000);
    assertThat(hits(other, "t")).hasSize(1000);
    assertThat(other.get("k:17")).isPresent();
    assertThat(server.command("HGET", "nadb:{main}:format", "partitions"))
        .isEqualTo(Integer.toString(partitions));
  }

  @Test
  void aLayoutThatIsGoneIsNotTakenForAnother() {
    RedisServer server = startThatMay();
    String url = server.url("sweep=off", "db=a*b");
    here.open(url + "&partitions=4").set("k", VALUE);
    server.command("DEL", "nadb:{a%2Ab}:format");

    assertThatThrownBy(() -> there.open(url + "&partitions=1"))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("partitions=1 was asked for");
    server.command("HSET", "nadb:{a%2Ab:default}:e:k", "v", "v");
    assertThatThrownBy(() -> there.open(url))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("entries of several layouts");
    server.command("FLUSHALL");
    there.open(url + "&partitions=1");
  }

  @Test
  void aStoreThatIsOpenWritesDownAgainHowItIsLaidOutAndNoticesIfAnotherWasFaster() {
    RedisServer server = startThatMay();
    KeyValueStore store = here.open(server.url("sweep=off", "partitions=4"));
    store.set("k", VALUE);
    server.command("DEL", "nadb:{main}:format");
    time.advance(ofSeconds(60));
    store.cleanupExpired();
    assertThat(server.command("HGET", "nadb:{main}:format", "partitions")).isEqualTo("4");

    server.command("HSET", "nadb:{main}:format", "partitions", "8");
    time.advance(ofSeconds(60));
    time.advance(ofSeconds(30));
    assertThatThrownBy(store::cleanupExpired)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("has 8 partitions");
  }
}
