package io.nadb.contract;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.Removal;
import io.nadb.RemovalCause;
import io.nadb.RemovalListener;
import io.nadb.SetOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A touch changes the expiry time and nothing else, for every question and for who listens. */
class TouchTest extends ReopenedStore {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /** The table does not know touches: it gets whole entries. */
  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem", "table"})
  void anEntryThatWouldHaveExpiredButForATouchIsThereForEveryQuestion(String scheme) {
    KeyValueStore store =
        registry.open(
            "nadb:"
                + scheme
                + ":"
                + (scheme.equals("fs") ? directory : "touched")
                + "?flush=off&sweep=off");
    for (int i = 0; i < 8; i++) {
      store.set("key" + i, utf8("7"), SetOptions.tags("tag").withTtl(MINUTE));
    }
    Instant set = time.now();
    store.flush();
    time.advance(Duration.ofSeconds(50));
    for (int i = 0; i < 8; i++) {
      assertThat(store.touch("key" + i, HOUR)).isTrue();
    }
    Instant expiry = time.now().plus(HOUR);
    time.advance(Duration.ofSeconds(20));
    EntryMetadata metadata =
        new EntryMetadata("key0", 1, set, set, Optional.of(expiry), Set.of("tag"));
    for (int i = 0; i < 2; i++) {
      assertThat(store.cleanupExpired()).isZero();
      assertThat(store.get("key0").orElseThrow()).isEqualTo(utf8("7"));
      assertThat(store.metadata("key0")).contains(metadata);
      assertThat(store.entry("key0").map(Entry::metadata)).contains(metadata);
      assertThat(store.entry("key0").orElseThrow().value()).isEqualTo(utf8("7"));
      assertThat(store.contains("key0")).isTrue();
      assertThat(store.size()).isEqualTo(8);
      assertThat(store.keys("")).hasSize(8);
      assertThat(store.queryByTags("tag")).hasSize(8).contains(metadata);
      assertThat(store.tags()).isEqualTo(Map.of("tag", 8L));
      byte[] read = store.transaction(tx -> tx.get("key0").orElseThrow());
      assertThat(read).isEqualTo(utf8("7"));
      assertThat(store.<Boolean>transaction(tx -> tx.entry("key0").isPresent())).isTrue();
      store.flush();
    }
    for (int i = 0; i < 7; i++) {
      store.touch("key" + i, HOUR.plus(MINUTE)); // Not flushed, and then changed in some way.
    }
    assertThat(store.increment("key0", 1)).isEqualTo(8);
    assertThat(store.replace("key1", utf8("7"), utf8("new"))).isTrue();
    assertThat(store.compute("key2", value -> value)).isPresent();
    assertThat(store.getAndSet("key3", utf8("new")).orElseThrow()).isEqualTo(utf8("7"));
    assertThat(store.getAndDelete("key4").orElseThrow()).isEqualTo(utf8("7"));
    assertThat(store.delete("key5", utf8("7"))).isTrue();
    store.set("key6", utf8("new"), SetOptions.none().keepingTtl());
    Instant later = time.now().plus(HOUR).plus(MINUTE);
    for (int i = 0; i < 2; i++) {
      assertThat(store.keys("")).containsExactly("key0", "key1", "key2", "key3", "key6", "key7");
      for (int key : new int[] {0, 1, 2, 6}) {
        assertThat(store.metadata("key" + key).orElseThrow().expiresAt()).contains(later);
      }
      assertThat(store.metadata("key3").orElseThrow().expiresAt()).isEmpty();
      store.flush();
    }
    time.advance(HOUR);
    assertThat(store.get("key7")).as("touched once").isEmpty();
    assertThat(store.cleanupExpired()).isEqualTo(1);
    time.advance(MINUTE);
    assertThat(store.keys("")).containsExactly("key3");
    assertThat(store.queryByTags("tag")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fs", "mem"})
  void whoListensIsToldOfTheTouchedEntryWithItsValueAndOfNoTouch(String scheme) {
    KeyValueStore store =
        registry.open(
            "nadb:" + scheme + ":" + (scheme.equals("fs") ? directory : "heard") + "?flush=off");
    for (String key : List.of("deleted", "replaced", "transaction")) {
      store.set(key, utf8("value"), SetOptions.ttl(MINUTE));
    }
    store.flush();
    List<Removal> told = new CopyOnWriteArrayList<>();
    store.onRemoval(RemovalListener.withValues(told::add));
    for (String key : List.of("deleted", "replaced", "transaction")) {
      store.touch(key, HOUR);
    }
    Instant expiry = time.now().plus(HOUR);
    time.advance(MINUTE.multipliedBy(2));
    store.delete("deleted");
    store.set("replaced", utf8("new"));
    store.<Boolean>transaction(tx -> tx.delete("transaction"));
    time.advance(Duration.ofSeconds(1));
    assertThat(told)
        .extracting(Removal::key, Removal::cause, removal -> removal.metadata().expiresAt())
        .containsExactly(
            tuple("deleted", RemovalCause.DELETED, Optional.of(expiry)),
            tuple("replaced", RemovalCause.REPLACED, Optional.of(expiry)),
            tuple("transaction", RemovalCause.DELETED, Optional.of(expiry)));
    assertThat(told).allSatisfy(removal -> assertThat(removal.value()).hasValue(utf8("value")));
  }

  @Test
  void theSweepGoesByTheNewTimeBeItLaterOrEarlier() {
    KeyValueStore store = open("flush=5s&sweep=60s");
    store.set("later", random(100), SetOptions.ttl(MINUTE));
    store.set("earlier", random(100), SetOptions.ttl(HOUR));
    store.set("first", random(100));
    time.advance(Duration.ofSeconds(5));
    store.touch("later", HOUR);
    store.touch("earlier", MINUTE.multipliedBy(5));
    store.touch("first", MINUTE.multipliedBy(9));
    time.advance(Duration.ofMinutes(3));
    assertThat(store.stats().expired()).isZero();
    time.advance(Duration.ofMinutes(4));
    assertThat(store.stats().expired()).isEqualTo(1);
    assertThat(store.stats().keys()).isEqualTo(2);
    time.advance(Duration.ofMinutes(4));
    assertThat(store.stats().expired()).isEqualTo(2);
    time.advance(HOUR);
    assertThat(store.stats().keys()).isZero();
    assertThat(reopen("flush=off").keys("")).isEmpty();
  }
}
