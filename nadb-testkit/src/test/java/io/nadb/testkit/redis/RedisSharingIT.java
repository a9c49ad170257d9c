package io.nadb.testkit.redis;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.nadb.CorruptStoreException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that others write to as well: other stores, other programs, and Redis itself. */
class RedisSharingIT extends SharedServer {
  private static void assertForeign(String what, String place, Runnable call) {
    assertThatThrownBy(call::run)
        .as(what)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(place)
        .hasMessageContaining("not written by NADB");
  }

  @Test
  void whatIsKeptIsWhatTheOtherStoreHasWritten() {
    KeyValueStore one = open(here, "");
    KeyValueStore two = open(there, "");
    one.set("k", bytes("1"), SetOptions.tags("a").withTtl(ofSeconds(10)));
    two.set("k", bytes("2"), SetOptions.none().keepingTags().keepingTtl());
    assertThat(one.metadata("k").orElseThrow().tags()).containsExactly("a");
    one.set("k", bytes("3"), SetOptions.tags("b", "c").withTtl(ofSeconds(20)));
    time.advance(ofSeconds(5));
    two.set("k", bytes("4"), SetOptions.none().keepingTags().keepingTtl());

    EntryMetadata entry = one.metadata("k").orElseThrow();
    assertThat(entry.tags()).containsExactly("b", "c");
    assertThat(entry.expiresAt()).contains(time.now().plusSeconds(15));
    assertThat(entry.created()).isEqualTo(time.now().minusSeconds(5));
    assertThat(entry.updated()).isEqualTo(time.now());
    assertThat(hits(two, "a")).isEmpty();
    assertThat(hits(one, "b", "c")).containsExactly("k");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void noReaderSeesAValueWithTheTagsOrTheTtlOfAnotherWrite(int partitions) throws Exception {
    KeyValueStore writer = open(here, "&partitions=" + partitions);
    KeyValueStore reader = open(there, "&partitions=" + partitions);
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread writing =
        new Thread(
            () -> {
              for (int round = 0; round < 300; round++) {
                for (String key : List.of("a", "b", "c")) {
                  writer.set(key, bytes("x"), SetOptions.tags("x", "both").withTtl(ofHours(1)));
                  writer.set(key, bytes("yy"), SetOptions.tags("y", "both"));
                  if (round % 5 == 0) {
                    writer.delete(key);
                  }
                }
              }
              done.set(true);
            });
    writing.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    writing.start();
    Consumer<EntryMetadata> whole =
        entry -> {
          boolean first = entry.size() == 1;
          assertThat(entry.tags()).isEqualTo(first ? Set.of("x", "both") : Set.of("y", "both"));
          assertThat(entry.expiresAt().isPresent()).isEqualTo(first);
        };
    while (!done.get() && failure.get() == null) {
      reader.metadata("a").ifPresent(whole);
      reader.queryByTags("x").forEach(entry -> assertThat(entry.size()).isEqualTo(1));
      reader.queryByTags("y", "both").forEach(entry -> assertThat(entry.size()).isEqualTo(2));
      reader.queryByTags("both").forEach(whole);
    }
    writing.join();

    assertThat(failure.get()).isNull();
    assertThat(hits(reader, "y")).containsExactly("a", "b", "c");
    assertThat(reader.tags()).containsExactly(entry("both", 3L), entry("y", 3L));
  }

  @Test
  void aTagThatLooksLikeAnEntryIsNone() {
    KeyValueStore store = open(here, "&partitions=4");
    store.set("k", bytes("v"), SetOptions.tags("}:e:k", "}:e:other"));

    assertThat(store.keys("")).containsExactly("k");
    assertThat(hits(store, "}:e:k")).containsExactly("k");
  }

  @Test
  void anEntryReadsInRedisAsDocumented() {
    KeyValueStore store = open(here, "&namespace=config");
    String now = Long.toString(time.now().toEpochMilli());
    store.set("user:1", bytes("Ada"), SetOptions.tags("web", "admin").withTtl(ofSeconds(9)));

    String start = "nadb:{" + db + ":config}:";
    assertThat(server.command("HMGET", start + "e:user:1", "v", "s", "t", "c", "u", "x").lines())
        .containsExactly(
            "Ada",
            "3",
            "[\"admin\",\"web\"]",
            now,
            now,
            Long.toString(time.now().plusSeconds(9).toEpochMilli()));
    assertThat(server.command("ZRANGE", start + "i:web", "0", "-1")).isEqualTo("user:1");
    assertThat(server.command("SMEMBERS", start + "t").lines())
        .containsExactlyInAnyOrder("admin", "web");
    assertThat(server.command("HMGET", "nadb:{" + db + "}:format", "version", "partitions").lines())
        .containsExactly("1", "1");
  }

  @Test
  void whatAnOverwriteReplacesLeavesNothingBehind() {
    KeyValueStore store = open(here, "");
    String start = "nadb:{" + db + ":default}:";
    store.set("k", bytes("v"), SetOptions.tags("old", "both").withTtl(ofSeconds(10)));
    store.set("k", bytes("v"), SetOptions.tags("new", "both"));

    assertThat(keysOfTheDatabase())
        .containsExactlyInAnyOrder(
            start + "e:k",
            start + "i:both",
            start + "i:new",
            start + "t",
            "nadb:{" + db + "}:format");
    assertThat(server.command("HEXISTS", start + "e:k", "x")).isEqualTo("0");
    store.set("k", bytes("v"));
    assertThat(keysOfTheDatabase())
        .containsExactlyInAnyOrder(start + "e:k", "nadb:{" + db + "}:format");
    store.set("k", bytes("v"), SetOptions.tags("t").withTtl(ofSeconds(10)));
    store.delete("k");
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  @Test
  void clearTouchesNothingElse() {
    List<String> foreign =
        List.of(
            "nadb",
            "nadb:x" + db,
            "nadb:{" + db + ":defaul}:e:k",
            "nadb:{" + db + ":default:0}:e:k",
            "nadb:{" + db + ":default}:other",
            "nadb:{" + db + "x:default}:e:k");
    foreign.forEach(key -> server.command("SET", key, "foreign"));
    KeyValueStore star = open(here, "&namespace=*");
    KeyValueStore other = open(here, "&namespace=default");
    KeyValueStore split = open(there, "&namespace=a:b");
    KeyValueStore same = open(there, "&namespace=a");
    for (KeyValueStore store : List.of(star, other, split, same)) {
      store.set("b:k", bytes("v"), SetOptions.tags("t").withTtl(ofHours(1)));
      store.set("k", bytes("v"), SetOptions.tags("t"));
    }
    star.clear();
    same.clear();

    assertThat(star.keys("")).isEmpty();
    assertThat(same.keys("")).isEmpty();
    assertThat(hits(other, "t")).containsExactly("b:k", "k");
    assertThat(split.keys("")).containsExactly("b:k", "k");
    other.clear();
    split.clear();
    foreign.forEach(key -> assertThat(server.command("GET", key)).isEqualTo("foreign"));
    assertThat(keysOfTheDatabase())
        .containsExactlyInAnyOrder(
            "nadb:{" + db + ":defaul}:e:k",
            "nadb:{" + db + ":default:0}:e:k",
            "nadb:{" + db + ":default}:other",
            "nadb:{" + db + "x:default}:e:k",
            "nadb:{" + db + "}:format");
  }

  @Test
  void patternsInKeysAreText() {
    KeyValueStore store = open(here, "");
    for (String key : List.of("a*", "ab", "a[b]", "a?", "a\\x", "}:e:a*")) {
      store.set(key, bytes("v"));
    }

    assertThat(store.keys("a*")).containsExactly("a*");
    assertThat(store.keys("a[b")).containsExactly("a[b]");
    assertThat(store.keys("a?")).containsExactly("a?");
    assertThat(store.keys("a\\")).containsExactly("a\\x");
  }

  @Test
  void whatAnotherProgramHasPutInAnEntrysPlaceIsAnErrorThatNamesTheKey() {
    KeyValueStore store = open(here, "");
    String place = "nadb:{" + db + ":default}:e:k";
    Map<String, List<String>> foreign =
        Map.of(
            "a string", List.of("SET", place, "v"),
            "a hash", List.of("HSET", place, "field", "v"),
            "half an entry", List.of("HSET", place, "v", "v"),
            "no time", List.of("HSET", place, "v", "v", "c", "yesterday", "u", "1", "s", "1"));
    foreign.forEach(
        (what, command) -> {
          store.clear();
          server.command(command.toArray(String[]::new));
          assertForeign(what, place, () -> store.metadata("k"));
          assertForeign(what, place, () -> store.contains("k"));
          assertForeign(what, place, () -> store.set("k", bytes("v")));
          assertForeign(what, place, () -> store.delete("k"));
          assertForeign(what, place, () -> store.keys(""));
          server.command("ZADD", "nadb:{" + db + ":default}:i:t", "0", "k");
          assertForeign(what, place, () -> store.queryByTags("t"));
          if (!what.equals("no time")) {
            assertForeign(what, place, () -> store.get("k"));
          }
          assertThat(server.command("EXISTS", place)).isEqualTo("1");
        });
    store.clear();
    assertThat(server.command("EXISTS", place)).as("clear is the way out").isEqualTo("0");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    server.command("DEL", "nadb:{" + db + ":default}:i:t");
    server.command("SET", "nadb:{" + db + ":default}:i:t", "v");
    assertForeign("an index", "i:t", () -> store.queryByTags("t"));
    assertForeign("an index", "nadb:", () -> store.set("l", bytes("v"), SetOptions.tags("t")));
    assertThat(store.contains("l")).isFalse();
  }

  @Test
  void aDatabaseKeepsItsNumberOfPartitions() {
    KeyValueStore store = open(here, "&partitions=8");
    IntStream.range(0, 100)
        .forEach(i -> store.set("k" + i, bytes("v"), SetOptions.tags("t", "t" + i % 2)));

    assertThat(open(there, "").keys("")).hasSize(100);
    there.close();
    StoreRegistry third = StoreRegistry.create(time);
    try (third) {
      assertThatThrownBy(() -> open(third, "&partitions=4"))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("has 8 partitions, but partitions=4 was asked for");
      server.command("HSET", "nadb:{" + db + "}:format", "version", "2");
      assertThatThrownBy(() -> open(third, ""))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("version '2'");
    }
    assertThat(hits(store, "t")).hasSize(100).isSorted();
    assertThat(hits(store, "t", "t1")).hasSize(50);
    assertThat(store.tags()).containsExactly(entry("t", 100L), entry("t0", 50L), entry("t1", 50L));
    store.clear();
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  @Test
  void aBufferIsAskedForByBufferOrByFlush() {
    KeyValueStore store = open(here, "");
    assertThat(store.stats().bufferLimitBytes()).isZero();
    store.close();
    KeyValueStore off = open(here, "&flush=off");
    assertThat(off.stats().bufferLimitBytes()).as("flush=off alone").isZero();
    off.close();
    KeyValueStore buffered = open(here, "&flush=5s");
    assertThat(buffered.stats().bufferLimitBytes()).isEqualTo(1 << 20);
    buffered.set("k", bytes("v"));
    assertThat(open(there, "").get("k")).isEmpty();
    time.advance(ofSeconds(5));
    assertThat(open(there, "").get("k")).isPresent();
    assertThatThrownBy(() -> open(here, "")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void valuesAndTagsThatLookLikeAnAnswerOfOursAreNone() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("!"), SetOptions.tags("!", "a", "b").withTtl(ofHours(1)));
    store.set("!", bytes(""), SetOptions.tags("!"));

    assertThat(store.get("k")).contains(bytes("!"));
    assertThat(hits(store, "!")).containsExactly("!", "k");
    assertThat(store.tags()).containsExactly(entry("!", 2L), entry("a", 1L), entry("b", 1L));
  }

  @Test
  void anyTagMayBeQueried() {
    KeyValueStore store = open(here, "");
    List<String> tags =
        List.of("a", "\"", "\\", "a\",\"b", "[", "\n", "\u0000", "ä", "😀", "\u007f", "/");
    for (String tag : tags) {
      store.set("key of " + tag, bytes("v"), SetOptions.tags(tag, "all").withTtl(ofHours(1)));
    }

    for (String tag : tags) {
      assertThat(hits(store, tag, "all")).containsExactly("key of " + tag);
      assertThat(store.metadata("key of " + tag).orElseThrow().tags())
          .containsExactlyInAnyOrder(tag, "all");
    }
    time.advance(ofHours(1));
    assertThat(store.cleanupExpired()).isEqualTo(tags.size());
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  @Test
  void aWriteThatFailedIsNeitherNumberedNorKeptForLater() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(server.url("db=" + db));
      assertThat(store.set("k", bytes("1"))).isEqualTo(1);
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> store.set("k", bytes("2")))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no route to host");
      assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
      store.flush();
      harness.time().advance(ofHours(1));

      assertThat(store.get("k")).contains(bytes("1"));
      assertThat(store.durableSequence()).isEqualTo(1);
      assertThat(store.set("k", bytes("3"))).isEqualTo(2);
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.stats().sets()).isEqualTo(2);
      assertThat(store.stats().flushCount()).isZero();
      assertThat(store.stats().bufferedKeys()).isZero();
    }
  }
}
