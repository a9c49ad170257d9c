package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that depend on what is there: what they leave on the server. */
class RedisChangesIT extends SharedServer {
  private static final SetOptions TAGGED = SetOptions.ttl(ofSeconds(100)).withTags("t", "u");
  private static final SetOptions KEEPING = SetOptions.none().keepingTags().keepingTtl();

  private String place(String rest) {
    return "nadb:{" + db + ":default}:" + rest;
  }

  /** The members of the indexes, by their names, and what is in the list of expiry times. */
  private Map<String, List<String>> indexes() {
    Map<String, List<String>> indexes = new LinkedHashMap<>();
    for (String name : keysOfTheDatabase()) {
      if (name.startsWith(place("i:")) || name.equals(place("x"))) {
        List<String> members = server.command("ZRANGE", name, "0", "-1").lines().toList();
        indexes.put(name.substring(place("").length()), members);
      } else if (name.equals(place("t"))) {
        indexes.put("t", server.command("SMEMBERS", name).lines().sorted().toList());
      }
    }
    return indexes;
  }

  private List<String> fields(String key, String... fields) {
    List<String> command = new ArrayList<>(List.of("HMGET", place("e:" + key)));
    command.addAll(List.of(fields));
    return server.list(command.toArray(String[]::new));
  }

  private static Optional<byte[]> plusOne(Optional<byte[]> value) {
    long number = value.map(text -> Long.parseLong(new String(text, UTF_8))).orElse(0L);
    return Optional.of(bytes(Long.toString(number + 1)));
  }

  /** Each change of an entry that stays in its indexes, and the value that it leaves. */
  private static Map<String, Function<KeyValueStore, String>> inPlace() {
    Map<String, Function<KeyValueStore, String>> changes = new LinkedHashMap<>();
    changes.put(
        "replace",
        store -> {
          assertThat(store.replace("k", bytes("1"), bytes("234"))).isTrue();
          return "234";
        });
    changes.put("increment", store -> Long.toString(store.increment("k", 9999)));
    changes.put(
        "compute",
        store -> new String(store.compute("k", RedisChangesIT::plusOne).orElseThrow(), UTF_8));
    changes.put(
        "setIfPresent",
        store -> {
          assertThat(store.setIfPresent("k", bytes(""), KEEPING)).isTrue();
          return "";
        });
    changes.put(
        "getAndSet",
        store -> {
          assertThat(store.getAndSet("k", bytes("x"), KEEPING)).contains(bytes("1"));
          return "x";
        });
    return changes;
  }

  @ParameterizedTest
  @CsvSource({"'', 1", "'', 4", "&buffer=1mb&flush=off, 1"})
  void aChangeInPlaceWritesValueSizeAndTimeAndNothingElse(String options, int partitions) {
    KeyValueStore store = open(here, options + "&partitions=" + partitions);
    KeyValueStore other = open(there, "");
    inPlace()
        .forEach(
            (name, change) -> {
              other.clear();
              Instant created = time.now();
              other.set("k", bytes("1"), TAGGED);
              List<String> indexed = keysOfTheDatabase();
              time.advance(ofSeconds(5));
              String value = change.apply(store);

              Entry now = other.entry("k").orElseThrow();
              assertThat(new String(now.value(), UTF_8)).as(name).isEqualTo(value);
              assertThat(now.metadata())
                  .as(name)
                  .isEqualTo(
                      new EntryMetadata(
                          "k",
                          value.length(),
                          created,
                          time.now(),
                          Optional.of(created.plusSeconds(100)),
                          Set.of("t", "u")));
              assertThat(keysOfTheDatabase()).as(name).isEqualTo(indexed);
              assertThat(hits(other, "t", "u")).as(name).containsExactly("k");
              time.advance(ofSeconds(95));
              assertThat(other.cleanupExpired()).as(name).isEqualTo(1);
              assertThat(keysOfTheDatabase()).as(name).hasSize(1);
            });
  }

  @Test
  void aReplacedEntryChangesIndexes() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"), TAGGED);
    assertThat(store.setIfPresent("k", bytes("w"), SetOptions.tags("u", "w"))).isTrue();

    assertThat(indexes()).containsOnlyKeys("i:u", "i:w", "t").containsEntry("t", List.of("u", "w"));
    assertThat(fields("k", "t", "x")).containsExactly("[\"u\",\"w\"]", "");
    assertThat(store.getAndSet("k", bytes("x"), TAGGED)).contains(bytes("w"));
    assertThat(indexes()).containsOnlyKeys("i:t", "i:u", "t", "x");
    assertThat(Long.parseLong(server.command("PTTL", place("e:k")))).isBetween(90_000L, 100_000L);
    assertThat(store.getAndSet("k", bytes("y"))).contains(bytes("x"));
    assertThat(indexes()).isEmpty();
    assertThat(server.command("PTTL", place("e:k"))).isEqualTo("-1");
  }

  @Test
  void tagsAndTtlMayBeKeptOneWithoutTheOther() {
    KeyValueStore store = open(here, "");
    Instant expires = time.now().plusSeconds(100);
    store.set("k", bytes("v"), TAGGED);
    time.advance(ofSeconds(10));
    store.setIfPresent("k", bytes("w"), SetOptions.tags("w").keepingTtl());
    EntryMetadata entry = store.metadata("k").orElseThrow();
    assertThat(entry.tags()).containsExactly("w");
    assertThat(entry.expiresAt()).contains(expires);
    assertThat(indexes().get("x")).containsExactly("[\"w\"]", "k");

    store.setIfPresent("k", bytes("w"), SetOptions.ttl(ofSeconds(5)).keepingTags());
    assertThat(store.metadata("k").orElseThrow().tags()).containsExactly("w");
    time.advance(ofSeconds(5));
    assertThat(store.contains("k")).isFalse();
    assertThat(store.cleanupExpired()).isEqualTo(1);
    assertThat(keysOfTheDatabase()).hasSize(1);
  }

  @Test
  void aNewEntryIsIndexedAndARemovedOneLeavesNothing() {
    KeyValueStore store = open(here, "");
    assertThat(store.setIfAbsent("k", bytes("v"), TAGGED)).isTrue();
    assertThat(store.setIfAbsent("k", bytes("w"), SetOptions.tags("w"))).isFalse();
    assertThat(hits(store, "t", "u")).containsExactly("k");
    assertThat(indexes()).containsOnlyKeys("i:t", "i:u", "t", "x");
    assertThat(store.delete("k", bytes("w"))).isFalse();
    assertThat(hits(store, "t", "u")).containsExactly("k");
    assertThat(store.delete("k", bytes("v"))).isTrue();
    assertThat(keysOfTheDatabase()).as("delete").hasSize(1);

    store.set("k", bytes("v"), TAGGED);
    assertThat(store.getAndDelete("k")).contains(bytes("v"));
    assertThat(store.getAndDelete("k")).isEmpty();
    assertThat(keysOfTheDatabase()).as("getAndDelete").hasSize(1);

    store.set("k", bytes("v"), TAGGED);
    assertThat(store.compute("k", value -> Optional.empty())).isEmpty();
    assertThat(keysOfTheDatabase()).as("compute").hasSize(1);
    store.increment("k", 1);
    store.compute("l", RedisChangesIT::plusOne);
    assertThat(keysOfTheDatabase()).as("without tags").hasSize(3);
    assertThat(fields("k", "v", "s", "t", "x")).containsExactly("1", "1", "", "");
  }

  @Test
  void aTouchKeepsTheListOfExpiryTimesFromBeingAhead() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    assertThat(store.touch("k", ofHours(1))).isTrue();
    assertThat(indexes().get("x")).containsExactly("[\"t\"]", "k");
    assertThat(score("[\"t\"]\nk")).isEqualTo(millis(ofHours(1)));
    assertThat(Long.parseLong(server.command("PTTL", place("e:k")))).isGreaterThan(3_500_000);

    assertThat(store.touch("k", ofSeconds(10))).as("sooner").isTrue();
    assertThat(score("[\"t\"]\nk")).isEqualTo(millis(ofSeconds(10)));
    assertThat(Long.parseLong(server.command("PTTL", place("e:k")))).isBetween(1L, 10_000L);
    time.advance(ofSeconds(6));
    assertThat(store.touch("k", ofSeconds(10))).as("later").isTrue();
    assertThat(Long.parseLong(server.command("PTTL", place("e:k")))).isBetween(6_000L, 10_000L);
    assertThat(score("[\"t\"]\nk")).as("it may be behind").isEqualTo(millis(ofSeconds(4)));
    time.advance(ofSeconds(6));
    assertThat(store.cleanupExpired()).as("what would have expired").isZero();
    assertThat(score("[\"t\"]\nk")).as("and is put right").isEqualTo(millis(ofSeconds(4)));
    assertThat(hits(store, "t")).containsExactly("k");
    time.advance(ofSeconds(4));
    assertThat(store.touch("k", ofSeconds(10))).as("too late").isFalse();
    assertThat(store.cleanupExpired()).isEqualTo(1);
    assertThat(keysOfTheDatabase()).hasSize(1);
  }

  private String score(String member) {
    return server.command("ZSCORE", place("x"), member);
  }

  private String millis(Duration fromNow) {
    return Long.toString(time.now().plus(fromNow).toEpochMilli());
  }

  @Test
  void aTimeToLiveIsCutToWhatRedisTakesRoundedUpAndRefusedBeyondTheEndOfTime() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"));
    assertThat(store.touch("k", Duration.ofMillis(Long.MAX_VALUE / 4))).isTrue();

    assertThat(store.metadata("k").orElseThrow().expiresAt())
        .contains(time.now().plusMillis(1_000_000_000_000_000L));
    assertThat(store.touch("k", ofSeconds(9).plusNanos(1))).isTrue();
    assertThat(store.metadata("k").orElseThrow().expiresAt())
        .as("never less than was said")
        .contains(time.now().plusMillis(9001));
    assertThatThrownBy(() -> store.touch("k", ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beyond the end of time");
    assertThatThrownBy(
            () -> store.setIfAbsent("l", bytes("v"), SetOptions.ttl(ofSeconds(Long.MAX_VALUE))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fields("k", "u")).containsExactly(millis(Duration.ZERO));
  }

  /** Redis still has it, and its indexes: by the time of a test it has expired. */
  @Test
  void whatHasExpiredAndIsStillThereIsAbsentAndLeavesNothingBehind() {
    KeyValueStore store = open(here, "");
    Map<String, Function<KeyValueStore, Boolean>> changes = new LinkedHashMap<>();
    changes.put("setIfAbsent", it -> it.setIfAbsent("k", bytes("1")));
    changes.put("getAndSet", it -> it.getAndSet("k", bytes("1"), KEEPING).isEmpty());
    changes.put("increment", it -> it.increment("k", 1) == 1);
    changes.put("compute", it -> it.compute("k", RedisChangesIT::plusOne).isPresent());
    changes.forEach(
        (name, change) -> {
          store.set("k", bytes("5"), SetOptions.ttl(ofSeconds(9)).withTags("t"));
          time.advance(ofSeconds(9));
          assertThat(server.command("EXISTS", place("e:k"))).isEqualTo("1");
          assertThat(store.setIfPresent("k", bytes("6"))).isFalse();
          assertThat(store.replace("k", bytes("5"), bytes("6"))).isFalse();
          assertThat(store.delete("k", bytes("5"))).isFalse();
          assertThat(store.getAndDelete("k")).isEmpty();
          assertThat(store.touch("k", ofHours(1))).isFalse();
          assertThat(store.entry("k")).isEmpty();
          assertThat(store.size()).isZero();
          time.advance(ofSeconds(1));
          assertThat(change.apply(store)).as(name).isTrue();

          Entry now = store.entry("k").orElseThrow();
          assertThat(now.value()).as(name).isEqualTo(bytes("1"));
          assertThat(now.metadata().created()).as(name).isEqualTo(time.now());
          assertThat(now.metadata().updated()).as(name).isEqualTo(time.now());
          assertThat(now.metadata().expiresAt()).as(name).isEmpty();
          assertThat(now.metadata().tags()).as(name).isEmpty();
          assertThat(indexes()).as(name).isEmpty();
          assertThat(server.command("PTTL", place("e:k"))).as(name).isEqualTo("-1");
        });
  }

  @Test
  void valuesAreComparedWholeWhateverIsInThem() {
    KeyValueStore store = open(here, "");
    byte[] value = new byte[300_000];
    value[150_000] = '\n';
    value[299_999] = (byte) 0xff;
    byte[] other = value.clone();
    other[1]++;
    store.set("k", value);

    assertThat(store.replace("k", other, bytes("!"))).isFalse();
    assertThat(store.delete("k", other)).isFalse();
    assertThat(store.replace("k", value, other)).isTrue();
    assertThat(store.getAndSet("k", bytes("!"))).contains(other);
    assertThat(store.getAndSet("k", new byte[0])).contains(bytes("!"));
    assertThat(store.getAndSet("k", value)).contains(new byte[0]);
    assertThat(store.getAndDelete("k")).contains(value);
  }

  @Test
  void sumsAreExactToTheLastOf64BitsAndWhatIsNoneIsSaid() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("9007199254740992"));
    assertThat(store.increment("k", 1)).as("beyond a double").isEqualTo(9007199254740993L);
    assertThat(store.increment("k", Long.MAX_VALUE - 9007199254740993L)).isEqualTo(Long.MAX_VALUE);
    assertThat(fields("k", "v", "s")).containsExactly("9223372036854775807", "19");
    assertThatThrownBy(() -> store.increment("k", 2))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("key 'k' is 9223372036854775807; adding 2 does not fit into 64 bits");
    assertThat(store.increment("low", Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(fields("low", "v", "s")).containsExactly("-9223372036854775808", "20");
    store.set("text", bytes("!0"));
    assertThatThrownBy(() -> store.increment("text", 1))
        .isInstanceOf(NumberFormatException.class)
        .hasMessage(
            "the value of key 'text', of 2 bytes, is no whole number of 64 bits in decimal text"
                + " (as -7, 0 or 42); set one before incrementing it");
    assertThat(store.stats().state())
        .as("that is no fault of the server")
        .isEqualTo(StoreState.HEALTHY);
    assertThat(store.get("text")).contains(bytes("!0"));
  }

  private static Map<String, ThrowingCallable> changes(KeyValueStore store) {
    Map<String, ThrowingCallable> changes = new LinkedHashMap<>();
    changes.put("entry", () -> store.entry("k"));
    changes.put("setIfAbsent", () -> store.setIfAbsent("k", bytes("v"), TAGGED));
    changes.put("setIfPresent", () -> store.setIfPresent("k", bytes("v")));
    changes.put("replace", () -> store.replace("k", bytes("v"), bytes("w")));
    changes.put("delete", () -> store.delete("k", bytes("v")));
    changes.put("getAndSet", () -> store.getAndSet("k", bytes("v")));
    changes.put("getAndDelete", () -> store.getAndDelete("k"));
    changes.put("increment", () -> store.increment("k", 1));
    changes.put("touch", () -> store.touch("k", ofHours(1)));
    changes.put("compute", () -> store.compute("k", value -> Optional.of(bytes("v"))));
    changes.put("size", store::size);
    return changes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&buffer=1mb&flush=off"})
  void whatAnotherProgramHasPutThereIsAnErrorThatNamesIt(String options) {
    KeyValueStore store = open(here, options);
    String place = place("e:k");
    Map<String, List<String>> foreign =
        Map.of(
            "a string", List.of("SET", place, "1"),
            "a list", List.of("RPUSH", place, "1"),
            "a hash", List.of("HSET", place, "field", "v"),
            "no creation time", List.of("HSET", place, "v", "1"),
            "no value", List.of("HSET", place, "c", "1", "u", "1", "s", "1"),
            "no number", List.of("HSET", place, "v", "1", "c", "yesterday", "u", "1", "s", "1"));
    foreign.forEach(
        (what, command) -> {
          server.command("DEL", place);
          server.command(command.toArray(String[]::new));
          String before = server.command("DUMP", place);
          changes(store)
              .forEach(
                  (name, change) -> {
                    if (what.equals("no value") && !needsValue(name)) {
                      return; // Only who asks for it can tell.
                    }
                    assertThatThrownBy(change)
                        .as(what + ", " + name)
                        .isInstanceOf(CorruptStoreException.class)
                        .hasMessageContaining(place)
                        .hasMessageContaining("not written by NADB");
                  });
          assertThat(server.command("DUMP", place)).as(what).isEqualTo(before);
        });
  }

  private static boolean needsValue(String change) {
    return Set.of("entry", "replace", "delete", "getAndSet", "getAndDelete", "increment", "compute")
        .contains(change);
  }

  @Test
  void anIndexOfAnotherProgramRefusesTheChangeAndNothingIsWritten() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"));
    server.command("SET", place("i:t"), "mine");
    server.command("SET", place("x"), "mine");
    Map<String, ThrowingCallable> refused =
        Map.of(
            "i:t", () -> store.setIfAbsent("new", bytes("v"), SetOptions.tags("t")),
            "x", () -> store.touch("k", ofHours(1)));
    refused.forEach(
        (name, change) ->
            assertThatThrownBy(change)
                .isInstanceOf(CorruptStoreException.class)
                .hasMessageContaining(place(name)));

    assertThat(store.contains("new")).isFalse();
    assertThat(store.metadata("k").orElseThrow().expiresAt()).isEmpty();
    assertThat(server.command("PTTL", place("e:k"))).isEqualTo("-1");
  }
}
