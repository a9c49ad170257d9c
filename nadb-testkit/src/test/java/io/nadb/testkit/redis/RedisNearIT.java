package io.nadb.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept near of a server's entries: read without asking, and gone when it has changed. */
class RedisNearIT extends NearStores {

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void whatWasReadIsReadAgainWithoutAskingUntilSomebodyChangesIt(String options) {
    KeyValueStore store = near(options);
    KeyValueStore other = other();
    other.set("k", bytes("old"), SetOptions.tags("t"));
    assertThat(text(store, "k")).contains("old");

    assertNear(
        store,
        () -> {
          assertThat(text(store, "k")).contains("old");
          assertThat(store.contains("k")).isTrue();
          assertThat(store.metadata("k").orElseThrow().tags()).containsExactly("t");
          assertThat(store.entry("k").orElseThrow().value()).isEqualTo(bytes("old"));
          assertThat(store.getAll(List.of("k"))).containsOnlyKeys("k");
        });
    other.set("k", bytes("new"));
    await("the change is heard of", () -> text(store, "k").equals(Optional.of("new")));
    assertThat(store.metadata("k").orElseThrow().tags()).isEmpty();
    other.delete("k");
    await("the deletion is heard of", () -> store.get("k").isEmpty());
  }

  @Test
  void aKeyThatIsAbsentIsKeptTooUntilSomebodySetsIt() {
    KeyValueStore store = near("");
    assertThat(store.get("k")).isEmpty();
    assertNear(
        store,
        () -> {
          assertThat(store.get("k")).isEmpty();
          assertThat(store.contains("k")).isFalse();
          assertThat(store.entry("k")).isEmpty();
          assertThat(store.getAll(List.of("k"))).isEmpty();
        });

    other().set("k", bytes("v"));
    await("it is heard of", () -> store.get("k").isPresent());
  }

  @Test
  void whetherThereIsAnEntryIsKeptWithoutItsValue() {
    KeyValueStore store = near("");
    other().set("k", bytes("v"), SetOptions.tags("t"));
    assertThat(store.contains("k")).isTrue();

    assertNear(store, () -> assertThat(store.metadata("k")).isPresent());
    assertThat(text(store, "k")).as("which is read when it is wanted").contains("v");
    assertNear(store, () -> assertThat(text(store, "k")).contains("v"));
  }

  @Test
  void severalEntriesAreReadInTheirOrderSomeNearAndSomeNot() {
    KeyValueStore store = near("");
    List<String> keys = IntStream.range(0, 600).mapToObj(i -> "k" + i).toList();
    store.setAll(
        Map.of("k1", bytes("1"), "k2", bytes("2"), "k599", bytes("599")), SetOptions.none());
    store.get("k2");
    store.get("k3");

    assertThat(store.getAll(keys).keySet()).containsExactly("k1", "k2", "k599");
    assertNear(
        store, () -> assertThat(store.getAll(keys).keySet()).containsExactly("k1", "k2", "k599"));
  }

  @Test
  void nobodyCanChangeWhatIsKept() {
    KeyValueStore store = near("");
    store.set("k", bytes("v"));
    for (int i = 0; i < 2; i++) { // The first has asked the server.
      store.get("k").orElseThrow()[0] = 'x';
      store.entry("k").orElseThrow().value()[0] = 'x';
      store.getAll(List.of("k")).values().iterator().next()[0] = 'x';
    }

    assertThat(text(store, "k")).contains("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void whatThisStoreHasWrittenItReadsAtOnce(String options) {
    KeyValueStore store = near(options);
    for (int i = 0; i < 100; i++) {
      String value = Integer.toString(i);
      store.set("k", bytes(value));
      assertThat(text(store, "k")).contains(value);
      assertThat(store.replace("k", bytes(value), bytes("r" + i))).isTrue();
      assertThat(text(store, "k")).contains("r" + i);
      assertNear(store, () -> store.get("k"));
      store.set("k", bytes("f" + i));
      store.flush();
      assertThat(text(store, "k")).contains("f" + i);
      store.transaction(
          transaction -> {
            transaction.set("k", bytes("t" + value));
            return true;
          });
      assertThat(text(store, "k")).contains("t" + i);
      assertThat(store.compute("k", old -> Optional.of(bytes("c" + value)))).isPresent();
      assertThat(text(store, "k")).contains("c" + i);
      assertThat(store.touch("k", Duration.ofHours(1 + i))).isTrue();
      assertThat(store.metadata("k").orElseThrow().expiresAt()).isPresent();
      store.setAll(Map.of("k", bytes("a" + i)), SetOptions.none());
      assertThat(text(store, "k")).contains("a" + i);
      assertThat(store.getAndDelete("k")).contains(bytes("a" + i));
      assertThat(store.get("k")).isEmpty();
      assertThat(store.setIfAbsent("k", bytes("x"))).isTrue();
      assertThat(store.contains("k")).isTrue();
      assertThat(store.delete("k")).isTrue();
      assertThat(store.contains("k")).isFalse();
    }
    store.set("k", bytes("v"));
    assertThat(store.get("k")).isPresent();
    store.clear();
    assertThat(store.get("k")).isEmpty();
  }

  /** A read from near would be known to be over. */
  @Test
  void whatATransactionHasSeenIsNotContradictedByTheNextRead() {
    KeyValueStore store = near("");
    KeyValueStore other = other();
    for (int i = 0; i < 300; i++) {
      String value = Integer.toString(i);
      store.get("k");
      other.set("k", bytes(value));
      Optional<byte[]> seen = store.transaction(transaction -> transaction.get("k"));
      assertThat(seen).contains(bytes(value));
      assertThat(text(store, "k")).contains(value);
    }
  }

  @Test
  void countersOfTwoStoresThatComputeLoseNothing() throws InterruptedException {
    KeyValueStore store = near("");
    KeyValueStore other = there.open(server.url("sweep=off", "db=" + db, "near=1mb"));
    List<Thread> threads = new ArrayList<>();
    for (KeyValueStore each : List.of(store, other)) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 500; i++) {
                  each.compute("k", old -> Optional.of(bytes(1 + old.map(String::new).orElse(""))));
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    Optional<byte[]> counted = store.transaction(transaction -> transaction.get("k"));
    assertThat(counted.orElseThrow()).hasSize(1000);
  }

  @Test
  void anEntryIsNeverAnsweredAfterItHasExpired() {
    KeyValueStore store = near("");
    KeyValueStore other = other();
    for (int i = 0; i < 10; i++) {
      String key = "k" + i;
      other.set(key, bytes("v"), SetOptions.ttl(Duration.ofMillis(200 + i)));
      long end = other.metadata(key).orElseThrow().expiresAt().orElseThrow().toEpochMilli();
      for (boolean present = true; present; ) {
        long before = System.currentTimeMillis(); // The server's clock, which is of this machine.
        present = store.get(key).isPresent();
        assertThat(present && before > end + 2).as("present after its end").isFalse();
      }
    }
    assertThat(store.stats().nearHits()).isPositive();
  }

  @Test
  void whereATestMovesTimeItDecidesWhatIsKept() {
    VirtualTime time = new VirtualTime();
    try (StoreRegistry own = StoreRegistry.create(time)) {
      KeyValueStore store = own.open(server.url("near=1mb", "sweep=off", "db=" + db));
      store.set("k", bytes("v"), SetOptions.ttl(Duration.ofHours(1)));
      assertThat(store.get("k")).isPresent();
      assertNear(store, () -> assertThat(store.get("k")).isPresent());
      time.advance(Duration.ofMinutes(60).minusMillis(500));
      assertNear(store, () -> assertThat(store.get("k")).isPresent());
      time.advance(Duration.ofMillis(500)); // What is kept is young enough, but has expired.
      assertThat(store.get("k")).isEmpty();
      assertThat(store.contains("k")).isFalse();
      assertThat(store.getAll(List.of("k"))).isEmpty();
    }
  }

  @Test
  void namespacesAndOtherDatabasesAreKeptApart() {
    KeyValueStore store = near("");
    KeyValueStore second = store.namespace("s:e}:t");
    other().set("k", bytes("1"));
    other().namespace("s:e}:t").set("k", bytes("2"));
    assertThat(text(store, "k")).contains("1");
    assertThat(text(second, "k")).contains("2");
    await("news of both", () -> store.stats().nearInvalidations() == 2);
    there.open(server.url("sweep=off", "db=" + db + "x")).set("k", bytes("3"));
    assertNear(store, () -> assertThat(text(store, "k")).contains("1"));
    other().namespace("s:e}:t").set("k", bytes("4"));

    await("it is heard of", () -> text(second, "k").equals(Optional.of("4")));
    await("no more was told", () -> store.stats().nearInvalidations() == 3);
    assertNear(store, () -> assertThat(text(store, "k")).contains("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLUSHALL", "FLUSHDB"})
  void whoEmptiesTheServerEmptiesWhatIsKept(String command) {
    KeyValueStore store = near("");
    store.set("k", bytes("v"));
    assertThat(store.get("k")).isPresent();
    server.command(command);

    await("it is heard of", () -> store.get("k").isEmpty());
  }

  @Test
  void whatTheServerTakesAwayWhenItsMemoryIsFullIsNotKept() {
    KeyValueStore store = near("");
    KeyValueStore other = other();
    server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try {
      List<String> keys = IntStream.range(0, 200).mapToObj(i -> "k" + i).toList();
      for (String key : keys) {
        other.set(key, bytes("v".repeat(1000)));
      }
      assertThat(store.getAll(keys)).hasSize(200);
      server.command("CONFIG", "SET", "maxmemory", "1");
      other.getAll(keys); // What is evicted is evicted before a command.
      server.command("CONFIG", "SET", "maxmemory", "0");
      int left = other.getAll(keys).size();
      assertThat(left).isLessThan(200);

      await("it is heard of", () -> store.getAll(keys).size() == left);
    } finally {
      server.command("CONFIG", "SET", "maxmemory", "0");
      server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }
  }

  @Test
  void whatIsKeptHasNoMoreRoomThanItIsGiven() {
    KeyValueStore store = near("");
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, new byte[100_000]);
    }
    for (int i = 0; i < 100; i++) {
      String key = "k" + i;
      assertNear(store, () -> assertThat(store.get(key)).isPresent());
      assertThat(store.stats().nearBytes()).isLessThanOrEqualTo(1 << 20);
    }

    assertThat(store.stats().nearBytes()).isGreaterThan(900_000);
    assertThat(store.stats().nearEvictions()).isGreaterThanOrEqualTo(89);
  }

  @Test
  void withoutThePermissionsThatItNeedsItIsRefusedByName() {
    server.command(
        ("ACL SETUSER deaf on >secret resetchannels ~nadb:* -@all +@read +@write -@dangerous +eval"
                + " +evalsha +time +info +role +ping +hello")
            .split(" "));

    assertThatThrownBy(
            () -> here.open("nadb:redis://deaf:secret@127.0.0.1:" + server.port() + "?near=1mb"))
        .isInstanceOf(NadbException.class)
        .hasMessageContaining("client|id")
        .hasMessageContaining("option near")
        .hasMessageNotContaining("secret");
  }
}
