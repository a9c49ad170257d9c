package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Entries that expire. */
interface TtlContract extends Fixture {

  /** An entry is there until the millisecond before, and then gone in every method. */
  @Test
  @Requires(Capability.TTL)
  default void anEntryIsGoneFromItsDeadlineOn() {
    wherever(
        (store, settle) -> {
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          settle.run();
          assertThat(store.metadata("k").flatMap(EntryMetadata::expiresAt))
              .contains(harness().time().now().plusSeconds(10));
          harness().time().advance(ofMillis(9_999));
          assertThat(store.contains("k")).isTrue();
          assertThat(text(store, "k")).contains("v");
          harness().time().advance(ofMillis(1));

          assertThat(store.contains("k")).isFalse();
          assertThat(store.get("k")).isEmpty();
          assertThat(store.metadata("k")).isEmpty();
          assertThat(store.keys("")).isEmpty();
          assertThat(store.delete("k")).isFalse();
        });
  }

  /** A plain overwrite clears the TTL. */
  @Test
  @Requires(Capability.TTL)
  default void anOverwriteClearsTheTtl() {
    wherever(
        (store, settle) -> {
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          settle.run();
          setAll(store, "k");
          settle.run();
          harness().time().advance(ofSeconds(10));

          assertThat(store.contains("k")).isTrue();
          assertThat(store.metadata("k").flatMap(EntryMetadata::expiresAt)).isEmpty();
        });
  }

  /** A TTL that is kept ends when it would have ended. */
  @Test
  @Requires(Capability.TTL)
  default void aKeptTtlEndsWhenItWouldHave() {
    wherever(
        (store, settle) -> {
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          settle.run();
          harness().time().advance(ofSeconds(6));
          store.set("k", utf8("w"), SetOptions.none().keepingTtl());
          settle.run();
          harness().time().advance(ofMillis(3_999));
          assertThat(text(store, "k")).contains("w");
          harness().time().advance(ofMillis(1));

          assertThat(store.contains("k")).isFalse();
        });
  }

  /** A key that expired can be set again, and is new. */
  @Test
  @Requires(Capability.TTL)
  default void anExpiredKeyCanBeSetAgain() {
    wherever(
        (store, settle) -> {
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          settle.run();
          harness().time().advance(ofSeconds(10));
          setAll(store, "k");
          settle.run();

          assertThat(store.metadata("k").orElseThrow().created()).isEqualTo(harness().time().now());
          assertThat(store.cleanupExpired()).isZero();
          assertThat(store.contains("k")).isTrue();
        });
  }

  /** An entry that follows an expired or a deleted one is new, however alike they are. */
  @Test
  @Requires(Capability.TTL)
  default void whatFollowsAnExpiredOrDeletedEntryIsNewEvenIfItLooksTheSame() {
    wherever(
        (store, settle) -> {
          SetOptions options = SetOptions.ttl(ofSeconds(10));
          store.set("expired", utf8("v"), options);
          store.set("deleted", utf8("v"), options);
          settle.run();
          harness().time().advance(ofSeconds(5));
          store.delete("deleted");
          store.set("deleted", utf8("v"), options);
          Instant replaced = harness().time().now();
          settle.run();
          harness().time().advance(ofSeconds(5));
          store.set("expired", utf8("v"), options);
          settle.run();

          assertThat(store.metadata("deleted").orElseThrow().created()).isEqualTo(replaced);
          assertThat(store.metadata("expired").orElseThrow().created())
              .isEqualTo(harness().time().now());
        });
  }

  /** Cleaning up removes what has expired, tells how much, and touches nothing else. */
  @Test
  @Requires(Capability.TTL)
  default void cleanupRemovesWhatHasExpired() {
    wherever(
        (store, settle) -> {
          KeyValueStore other = openNamespace(store, "other");
          store.set("a", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          store.set("b", utf8("v"), SetOptions.ttl(ofSeconds(11)));
          setAll(store, "c");
          other.set("a", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          settle.run();
          harness().time().advance(ofSeconds(10));

          assertThat(store.cleanupExpired()).isEqualTo(1);
          assertThat(store.cleanupExpired()).isZero();
          assertThat(store.keys("")).containsExactly("b", "c");
          assertThat(other.cleanupExpired()).isEqualTo(1);
        });
  }

  /** The sweep removes what has expired at its interval. */
  @Test
  @Requires(Capability.TTL)
  default void theSweepRemovesWhatHasExpired() {
    KeyValueStore store = open("flush=off", "sweep=60s");
    store.set("short", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    store.set("long", utf8("v"), SetOptions.ttl(ofSeconds(90)));
    store.flush();
    harness().time().advance(ofSeconds(60));

    assertThat(store.stats().expired()).isEqualTo(1);
    assertThat(store.keys("")).containsExactly("long");
  }
}
