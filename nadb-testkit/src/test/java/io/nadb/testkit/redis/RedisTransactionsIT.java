package io.nadb.testkit.redis;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ConflictException;
import io.nadb.CorruptStoreException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreCapability;
import io.nadb.StoreState;
import io.nadb.Transaction;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.Operation;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions on one server: what they leave there, and what gets in their way. */
class RedisTransactionsIT extends SharedServer {
  private static final SetOptions TAGGED = SetOptions.ttl(ofSeconds(100)).withTags("t", "u");
  private static final SetOptions KEEPING = SetOptions.none().keepingTags().keepingTtl();

  private String place(String rest) {
    return "nadb:{" + db + ":default}:" + rest;
  }

  private static void commit(KeyValueStore store, String... keys) {
    store.transaction(
        transaction -> {
          for (String key : keys) {
            transaction.set(key, bytes("w"), SetOptions.tags("w"));
          }
          return null;
        });
  }

  @ParameterizedTest
  @CsvSource({"'', 1", "'', 4", "&buffer=1mb&flush=off, 1"})
  void eachEntryChangesWithItsIndexes(String options, int partitions) {
    KeyValueStore store = open(here, options + "&partitions=" + partitions);
    KeyValueStore other = open(there, "&namespace=other");
    Instant created = time.now();
    for (String key : List.of("kept", "replaced", "deleted")) {
      store.set(key, bytes("v"), TAGGED);
    }
    other.set("far", bytes("v"), SetOptions.tags("t"));
    time.advance(ofSeconds(10));
    store.transaction(
        transaction -> {
          transaction.set("kept", bytes("w"), KEEPING);
          transaction.set("replaced", bytes("w"), SetOptions.ttl(ofSeconds(5)).withTags("u", "x"));
          transaction.set("new", bytes("w"), SetOptions.tags("x"));
          assertThat(transaction.delete("deleted")).isTrue();
          assertThat(transaction.namespace("other").delete("far")).isTrue();
          return null;
        });

    for (String index : keysOfTheDatabase()) {
      if (index.contains("}:i:") || index.endsWith("}:x")) {
        assertThat(server.command("ZRANGE", index, "0", "-1").lines())
            .as(index)
            .noneMatch(member -> member.equals("deleted") || member.equals("far"));
      }
    }
    KeyValueStore seen = open(there, "");
    assertThat(seen.keys("")).containsExactly("kept", "new", "replaced");
    assertThat(seen.metadata("kept"))
        .contains(
            new EntryMetadata(
                "kept",
                1,
                created,
                time.now(),
                Optional.of(created.plusSeconds(100)),
                Set.of("t", "u")));
    assertThat(seen.metadata("replaced").orElseThrow().expiresAt())
        .contains(time.now().plusSeconds(5));
    assertThat(seen.metadata("new").orElseThrow().created()).isEqualTo(time.now());
    assertThat(hits(seen, "t")).containsExactly("kept");
    assertThat(hits(seen, "u")).containsExactly("kept", "replaced");
    assertThat(hits(seen, "x")).containsExactly("new", "replaced");
    assertThat(seen.tags()).isEqualTo(Map.of("t", 1L, "u", 2L, "x", 2L));
    assertThat(other.tags()).isEmpty();
    time.advance(ofSeconds(90));
    assertThat(seen.cleanupExpired()).isEqualTo(2);
    seen.delete("new");
    assertThat(keysOfTheDatabase()).as("nothing but the format is left").hasSize(1);
  }

  @Test
  void aKeyThatRedisHasEvictedOrAnotherProgramRemovedHasChanged() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"), TAGGED);
    try (Transaction transaction = store.begin()) {
      transaction.get("k");
      transaction.set("mine", bytes("w"));
      server.command("DEL", place("e:k"));
      assertThatThrownBy(transaction::commit)
          .isInstanceOfSatisfying(
              ConflictException.class, conflict -> assertThat(conflict.key()).isEqualTo("k"));
    }
    assertThat(store.contains("mine")).isFalse();
  }

  @Test
  void aServersStoreTellsNoRemovalsAndShowsNoSingleMoment() {
    assertThat(open(here, "").capabilities()).containsExactly(StoreCapability.WRITES);
    assertThat(open(there, "?buffer=1mb&flush=5s").capabilities())
        .containsExactly(StoreCapability.WRITES);
  }

  @Test
  void aServerThatHasForgottenTheScriptIsSentItAgain() {
    KeyValueStore store = open(here, "");
    commit(store, "a");
    try (Transaction transaction = store.begin()) {
      transaction.get("a");
      transaction.set("b", bytes("v"));
      server.command("SCRIPT", "FLUSH");
      transaction.commit();
    }
    assertThat(store.keys("")).containsExactly("a", "b");
  }

  @Test
  void whatWasChangedToTheSameBytesHasChangedUnlessAllOfItIsAsItWas() {
    KeyValueStore store = open(here, "");
    KeyValueStore other = open(there, "");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    try (Transaction transaction = store.begin()) {
      transaction.get("k");
      transaction.set("mine", bytes("w"));
      time.advance(ofMillis(1));
      other.set("k", bytes("v"), SetOptions.tags("t"));
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }
    try (Transaction transaction = store.begin()) {
      transaction.get("k");
      transaction.set("mine", bytes("w"));
      other.set("k", bytes("x"), SetOptions.tags("t"));
      other.set("k", bytes("v"), SetOptions.tags("t"));
      transaction.commit();
    }
    assertThat(store.contains("mine")).as("nobody could tell").isTrue();
  }

  @Test
  void whateverWasReadOfAnEntryIsComparedAndNoMore() {
    KeyValueStore store = open(here, "");
    KeyValueStore other = open(there, "");
    Map<String, Runnable> changes = new LinkedHashMap<>();
    changes.put("value", () -> other.replace("k", bytes("v"), bytes("x")));
    changes.put("tags", () -> other.set("k", bytes("v"), SetOptions.tags("x").keepingTtl()));
    changes.put("expiry", () -> other.touch("k", ofSeconds(77)));
    changes.forEach(
        (what, change) -> {
          for (String read : List.of("get", "contains")) {
            store.set("k", bytes("v"), TAGGED);
            try (Transaction transaction = store.begin()) {
              boolean isLookedAt = !what.equals("value") || read.equals("get");
              if (read.equals("get")) {
                transaction.get("k");
              } else {
                transaction.contains("k");
              }
              change.run();
              transaction.set("mine", bytes("w"));
              if (isLookedAt) {
                assertThatThrownBy(transaction::commit)
                    .as(what + ", " + read)
                    .isInstanceOf(ConflictException.class);
              } else {
                transaction.commit();
              }
            }
          }
        });
  }

  /** The value that is read last is compared too, and with it all that has been. */
  @Test
  void whatWasLookedAtAndThenReadIsComparedWhole() {
    KeyValueStore store = open(here, "");
    for (String first : List.of("contains", "get")) {
      store.set("k", bytes("v"));
      try (Transaction transaction = store.begin()) {
        if (first.equals("contains")) {
          transaction.contains("k");
          transaction.get("k");
        } else {
          transaction.get("k");
          transaction.contains("k");
        }
        transaction.set("mine", bytes("w"));
        open(there, "").set("k", bytes("x")); // As long, and in the same millisecond.
        assertThatThrownBy(transaction::commit).as(first).isInstanceOf(ConflictException.class);
      }
    }
  }

  @Test
  void aKeyThatIsReadAgainAndHasChangedConflictsAtOnce() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"));
    try (Transaction transaction = store.begin()) {
      assertThat(transaction.contains("k")).isTrue();
      assertThat(transaction.get("k")).contains(bytes("v"));
      assertThat(transaction.contains("k")).isTrue();
      open(there, "").set("k", bytes("x"));
      assertThatThrownBy(() -> transaction.get("k")).isInstanceOf(ConflictException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "&buffer=1mb&flush=off"})
  void whatAnotherProgramHasPutThereIsFoundBeforeAnythingIsWritten(String options) {
    KeyValueStore store = open(here, options);
    Map<String, List<String>> foreign =
        Map.of(
            "a string", List.of("SET", place("e:foreign"), "1"),
            "a hash", List.of("HSET", place("e:foreign"), "field", "1"),
            "an index", List.of("SET", place("i:w"), "1"));
    foreign.forEach(
        (what, command) -> {
          server.command(command.toArray(String[]::new));
          assertThatThrownBy(() -> commit(store, "a", "foreign", "z"))
              .as(what)
              .isInstanceOf(CorruptStoreException.class)
              .hasMessageContaining(command.get(1))
              .hasMessageContaining("not written by NADB");
          server.command("DEL", command.get(1));
          assertThat(keysOfTheDatabase()).as(what).hasSize(1);
        });
    server.command("SET", place("x"), "1");
    assertThatThrownBy(
            () ->
                store.transaction(
                    transaction -> {
                      transaction.set("a", bytes("v"));
                      transaction.set("b", bytes("v"), SetOptions.ttl(ofSeconds(9)));
                      return null;
                    }))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(place("x"));
    assertThat(keysOfTheDatabase()).hasSize(2);
  }

  @Test
  void aTransactionOfTooManyKeysIsRefusedAtTheFirstOfThem() {
    KeyValueStore store = open(here, "");
    store.transaction(
        transaction -> {
          for (int i = 0; i < 10_000; i++) {
            transaction.set("k" + i, bytes("v"));
          }
          transaction.set("k0", bytes("w"));
          assertThatThrownBy(() -> transaction.set("more", bytes("v")))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("'more'")
              .hasMessageContaining("more than 10000 keys");
          assertThatThrownBy(() -> transaction.get("more"))
              .isInstanceOf(IllegalArgumentException.class);
          return null;
        });
    assertThat(store.size()).isEqualTo(10_000);
    assertThat(store.get("k0")).contains(bytes("w"));
  }

  @Test
  void aStoreWithABufferSendsWhatItHasBeforeItReadsAndBeforeItCommits() {
    KeyValueStore behind = open(here, "&buffer=1mb&flush=off");
    KeyValueStore atOnce = open(there, "");
    atOnce.set("theirs", bytes("1"));
    behind.set("mine", bytes("1"), SetOptions.tags("t"));
    behind.set("more", bytes("1"));
    try (Transaction transaction = behind.begin()) {
      assertThat(transaction.get("theirs")).contains(bytes("1"));
      assertThat(atOnce.contains("more")).as("nothing of it was asked for").isFalse();
      assertThat(transaction.entry("mine").orElseThrow().metadata().tags()).containsExactly("t");
      behind.set("late", bytes("1"));
      behind.delete("more");
      transaction.set("theirs", bytes("2"));
      transaction.set("late", bytes("2"));
      assertThat(transaction.commit()).isEqualTo(behind.durableSequence());
    }

    assertThat(atOnce.keys("")).containsExactly("late", "mine", "theirs");
    for (KeyValueStore store : List.of(behind, atOnce)) {
      assertThat(store.get("theirs")).contains(bytes("2"));
      assertThat(store.get("late")).as("written before the commit").contains(bytes("2"));
    }
    try (Transaction transaction = behind.begin()) {
      transaction.get("mine");
      behind.set("mine", bytes("3"));
      transaction.set("theirs", bytes("3"));
      assertThatThrownBy(transaction::commit)
          .as("what is buffered counts as written")
          .isInstanceOf(ConflictException.class);
    }
    assertThat(atOnce.get("theirs")).contains(bytes("2"));
  }

  @Test
  void aFlushThatFailsCommitsNothingAndLosesNothing() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore behind = harness.open(server.url("db=" + db, "buffer=1mb", "flush=off"));
      behind.set("k", bytes("1"));
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> commit(behind, "a", "b"))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no route to host")
          .hasMessageContaining("nothing is lost");
      assertThat(keysOfTheDatabase()).hasSize(1);

      commit(behind, "a", "b");
      assertThat(open(there, "").keys("")).containsExactly("a", "b", "k");
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> commit(behind, "c"))
          .as("the commit itself fails")
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("no route to host");
      assertThat(behind.stats().bufferedKeys()).isZero();
    }
  }

  @Test
  void aCommitThatFailsIsNotNumberedAndIsInTheFigures() {
    try (NadbHarness harness = NadbHarness.create()) {
      KeyValueStore store = harness.open(server.url("db=" + db));
      commit(store, "a", "b");
      harness.faults().on(Operation.APPLY).fail(new IOException("no route to host"));
      assertThatThrownBy(() -> commit(store, "c")).isInstanceOf(NadbException.class);
      assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
      assertThat(store.stats().sequence()).isEqualTo(2);
      store.transaction(transaction -> transaction.delete("a"));

      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.stats().sequence()).isEqualTo(3);
      assertThat(store.stats().sets()).isEqualTo(2);
      assertThat(store.stats().deletes()).isEqualTo(1);
    }
  }
}
