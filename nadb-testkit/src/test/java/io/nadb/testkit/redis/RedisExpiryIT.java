package io.nadb.testkit.redis;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When entries on a server expire, and what becomes of what is kept about them. */
class RedisExpiryIT extends SharedServer {
  @Test
  void whatRedisItselfHasRemovedIsNotFoundAndLeavesNoTrace() {
    KeyValueStore store = open(here, "");
    store.set("gone", bytes("v"), SetOptions.tags("t", "u").withTtl(ofSeconds(10)));
    store.set("kept", bytes("v"), SetOptions.tags("t"));
    server.command("DEL", "nadb:{" + db + ":default}:e:gone");

    assertThat(store.get("gone")).isEmpty();
    assertThat(hits(store, "t")).containsExactly("kept");
    assertThat(hits(store, "u")).isEmpty();
    String start = "nadb:{" + db + ":default}:";
    assertThat(server.command("ZRANGE", start + "i:t", "0", "-1")).isEqualTo("kept");
    assertThat(server.command("SMEMBERS", start + "t")).as("a query tidies up").isEqualTo("t");
    assertThat(store.tags()).containsExactly(entry("t", 1L));
    store.delete("kept");
    time.advance(ofSeconds(10));
    assertThat(store.cleanupExpired()).as("it was removed before").isZero();
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  @Test
  void theSweepTidiesTheIndexesOfWhatExpiredInRedisWithoutAQuery() {
    KeyValueStore store = open(here, "");
    store.set("gone", bytes("v"), SetOptions.tags("t", "u").withTtl(ofSeconds(10)));
    store.set("other", bytes("v"), SetOptions.tags("t"));
    server.command("DEL", "nadb:{" + db + ":default}:e:gone");
    time.advance(ofSeconds(10));
    store.cleanupExpired();

    assertThat(server.command("ZRANGE", "nadb:{" + db + ":default}:i:t", "0", "-1"))
        .isEqualTo("other");
    assertThat(server.command("EXISTS", "nadb:{" + db + ":default}:i:u")).isEqualTo("0");
    assertThat(server.command("SMEMBERS", "nadb:{" + db + ":default}:t")).isEqualTo("t");
    assertThat(server.command("EXISTS", "nadb:{" + db + ":default}:x")).isEqualTo("0");
  }

  @Test
  void anEntryThatIsSetAgainAndAgainIsSweptAtItsLastExpiryTime() {
    KeyValueStore store = open(here, "");
    SetOptions options = SetOptions.ttl(ofSeconds(10)).withTags("t");
    store.set("gone", bytes("first"), options);
    store.set("swept", bytes("first"), options);
    time.advance(ofSeconds(6));
    store.set("gone", bytes("second"), options);
    store.set("swept", bytes("second"), options);
    time.advance(ofSeconds(6));

    assertThat(store.cleanupExpired()).as("what would have expired").isZero();
    assertThat(hits(store, "t")).containsExactly("gone", "swept");
    server.command("DEL", "nadb:{" + db + ":default}:e:gone");
    time.advance(ofSeconds(4));
    assertThat(store.cleanupExpired()).as("and has expired now").isEqualTo(1);
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  @Test
  void redisIsToldWhenTheNewEntryExpires() {
    KeyValueStore store = open(here, "");
    String place = "nadb:{" + db + ":default}:e:k";
    store.set("k", bytes("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    store.set("k", bytes("w"), SetOptions.ttl(ofHours(1)).withTags("t"));

    assertThat(Long.parseLong(server.command("PTTL", place))).isGreaterThan(60_000);
    store.set("k", bytes("x"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    assertThat(Long.parseLong(server.command("PTTL", place))).isBetween(1L, 10_000L);
    time.advance(ofSeconds(4));
    store.set("k", bytes("x"), SetOptions.tags("t").keepingTtl());
    assertThat(Long.parseLong(server.command("PTTL", place))).isBetween(1L, 6_000L);
    store.set("k", bytes("y"), SetOptions.tags("t"));
    assertThat(server.command("PTTL", place)).isEqualTo("-1");
  }

  @Test
  void aTimeToLiveLongerThanRedisTakesIsCutToThat() {
    SetOptions ages = SetOptions.ttl(ofMillis(Long.MAX_VALUE / 4));
    Instant end = time.now().plusMillis(1_000_000_000_000_000L);
    KeyValueStore store = open(here, "");
    for (SetOptions options : List.of(ages, ages, SetOptions.none().keepingTtl())) {
      store.set("k", bytes("v"), options);
      assertThat(store.metadata("k").orElseThrow().expiresAt()).contains(end);
    }
  }

  @Test
  void anEntryThatExpiresEarlierThanItsPredecessorIsSweptThen() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("first"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    store.set("k", bytes("second"), SetOptions.ttl(ofSeconds(5)).withTags("t"));
    time.advance(ofSeconds(5));

    assertThat(store.cleanupExpired()).isEqualTo(1);
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }

  @Test
  void aSweepLeavesAloneWhatAnotherStoreHasSetAnew() {
    for (String buffer : List.of("", "&buffer=1mb&flush=off")) {
      KeyValueStore sweeping = open(here, buffer);
      KeyValueStore other = open(there, "");
      sweeping.set("k", bytes("old"), SetOptions.tags("t").withTtl(ofSeconds(10)));
      sweeping.flush();
      time.advance(ofSeconds(10));
      other.set("k", bytes("new"), SetOptions.tags("t"));

      assertThat(sweeping.cleanupExpired()).isZero();
      sweeping.flush();
      assertThat(other.get("k")).contains(bytes("new"));
      assertThat(hits(other, "t")).containsExactly("k");
      other.clear();
      sweeping.close();
      other.close();
    }
  }

  @Test
  void whatAnotherStoreSetsBetweenASweepAndItsFlushIsLeftAlone() {
    KeyValueStore sweeping = open(here, "&buffer=1mb&flush=off");
    KeyValueStore other = open(there, "");
    sweeping.set("k", bytes("old"), SetOptions.tags("t").withTtl(ofSeconds(10)));
    sweeping.flush();
    time.advance(ofSeconds(10));
    assertThat(sweeping.cleanupExpired()).isEqualTo(1);
    other.set("k", bytes("new"), SetOptions.tags("t"));
    sweeping.flush();

    assertThat(other.get("k")).contains(bytes("new"));
    assertThat(hits(other, "t")).containsExactly("k");
  }

  @Test
  void redisRemovesItByItsOwnClockToo() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"), SetOptions.ttl(ofSeconds(1000)));

    assertThat(Long.parseLong(server.command("TTL", "nadb:{" + db + ":default}:e:k")))
        .isBetween(990L, 1000L);
    store.set("k", bytes("v"));
    assertThat(server.command("TTL", "nadb:{" + db + ":default}:e:k")).isEqualTo("-1");
  }

  @Test
  void nothingIsKeptOfAnEntryThatHasExpired() {
    KeyValueStore store = open(here, "");
    store.set("k", bytes("v"), SetOptions.tags("t").withTtl(ofSeconds(10)));
    time.advance(ofSeconds(10));
    store.set("k", bytes("w"), SetOptions.none().keepingTags().keepingTtl());

    EntryMetadata entry = store.metadata("k").orElseThrow();
    assertThat(entry.tags()).isEmpty();
    assertThat(entry.expiresAt()).isEmpty();
    assertThat(entry.created()).isEqualTo(time.now());
    assertThat(store.cleanupExpired()).isZero();
    assertThat(hits(store, "t")).isEmpty();
  }

  @Test
  void whatExpiredInTheBufferReplacesWhatWasThereAndIsNotWritten() {
    KeyValueStore store = open(here, "&buffer=1mb&flush=off");
    store.set("k", bytes("v"), SetOptions.tags("t"));
    store.flush();
    store.set("k", bytes("w"), SetOptions.tags("u").withTtl(ofSeconds(10)));
    store.set("new", bytes("w"), SetOptions.tags("u").withTtl(ofSeconds(10)));
    time.advance(ofSeconds(10));
    store.flush();

    assertThat(store.contains("k")).isFalse();
    assertThat(keysOfTheDatabase()).containsExactly("nadb:{" + db + "}:format");
  }
}
