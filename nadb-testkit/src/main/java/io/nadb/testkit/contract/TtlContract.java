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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An entry is gone at {@code now >= expiresAt}, in every method, before any sweep. */
interface TtlContract extends Fixture {

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void anEntryIsThereOneMillisecondBeforeItExpires() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
          var expiresAt = now().plusSeconds(10);
          place.settle(this);
          pass(ofSeconds(10).minusMillis(1));

          assertThat(store().get("k")).isPresent();
          assertThat(store().contains("k")).isTrue();
          assertThat(store().metadata("k").flatMap(EntryMetadata::expiresAt)).contains(expiresAt);
          assertThat(store().keys("")).containsExactly("k");
          assertThat(store().queryByTags("t")).extracting(EntryMetadata::key).containsExactly("k");
          assertThat(store().tags()).isEqualTo(Map.of("t", 1L));
          assertThat(store().delete("k")).isTrue();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void anEntryIsGoneTheMomentItExpires() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
          place.settle(this);
          pass(ofSeconds(10));
          expectGone();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void anEntryIsGoneAfterItHasExpired() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
          place.settle(this);
          pass(ofSeconds(10).plusMillis(1));
          expectGone();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void anExpiredOverwriteDoesNotUncoverTheOldEntry() {
    wherever(
        place -> {
          store().set("k", utf8("old"), SetOptions.tags("t"));
          place.settle(this);
          store().set("k", utf8("new"), SetOptions.ttl(ofSeconds(1)).withTags("t"));
          pass(ofSeconds(1));
          expectGone();
          heal();
          store().flush();
          expectGone();
        });
  }

  private void expectGone() {
    long sequence = store().stats().sequence();

    assertThat(store().get("k")).isEmpty();
    assertThat(store().contains("k")).isFalse();
    assertThat(store().metadata("k")).isEmpty();
    assertThat(store().keys("")).isEmpty();
    assertThat(store().keys("k")).isEmpty();
    assertThat(store().queryByTags("t")).isEmpty();
    assertThat(store().tags()).isEmpty();
    assertThat(store().delete("k")).isFalse();
    assertThat(store().stats().sequence()).as("nothing is written").isEqualTo(sequence);
    assertThat(store().stats().deletes()).isZero();
  }

  @Test
  @Requires(Capability.TTL)
  default void aTtlIsRoundedUpToTheMillisecond() {
    wherever(
        place -> {
          pass(Duration.ofNanos(300));
          store().set("a", utf8("v"), SetOptions.ttl(ofSeconds(10).plusNanos(1)));
          store().set("b", utf8("v"), SetOptions.ttl(ofSeconds(10).plusNanos(1_000_001)));
          place.settle(this);

          assertThat(store().contains("a")).isTrue();
          pass(ofSeconds(10).plusNanos(999_699));
          assertThat(store().contains("a")).isTrue();
          pass(Duration.ofNanos(1));
          assertThat(store().contains("a")).isFalse();
          assertThat(store().contains("b")).isTrue();
          pass(Duration.ofMillis(1));
          assertThat(store().contains("b")).isFalse();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void entriesExpireEachAtItsOwnTime() {
    for (int i = 1; i <= 5; i++) {
      store().set("k" + i, utf8("v"), SetOptions.ttl(ofSeconds(i)).withTags("t"));
      if (i == 3) {
        store().flush();
      }
    }
    for (int i = 1; i <= 5; i++) {
      assertThat(store().keys("")).hasSize(6 - i);
      assertThat(store().tags()).isEqualTo(Map.of("t", 6L - i));
      pass(ofSeconds(1));
    }
    assertThat(store().keys("")).isEmpty();
    assertThat(store().tags()).isEmpty();
  }

  @Test
  @Requires(Capability.TTL)
  default void aSetAnewBeforeExpiryCountsFromThen() {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    pass(ofSeconds(9));
    store().set("k", utf8("w"), SetOptions.ttl(ofSeconds(10)));
    store().flush();
    pass(ofSeconds(9));
    assertThat(store().contains("k")).isTrue();
    pass(ofSeconds(1));
    assertThat(store().contains("k")).isFalse();
  }

  @Test
  @Requires(Capability.TTL)
  default void aTtlOfManyYearsIsKept() {
    Duration ttl = Duration.ofDays(365_000);
    store().set("k", utf8("v"), SetOptions.ttl(ttl));
    store().flush();

    assertThat(store().metadata("k").flatMap(EntryMetadata::expiresAt)).contains(now().plus(ttl));
    assertThat(List.of(store().contains("k"), store().cleanupExpired())).containsExactly(true, 0);
  }

  @Test
  @Requires(Capability.TTL)
  default void anEntryIsGoneFromItsDeadlineOn() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          place.settle(this);
          assertThat(store.metadata("k").flatMap(EntryMetadata::expiresAt))
              .contains(now().plusSeconds(10));
          pass(ofMillis(9_999));
          assertThat(store.contains("k")).isTrue();
          assertThat(text(store, "k")).contains("v");
          pass(ofMillis(1));

          assertThat(store.contains("k")).isFalse();
          assertThat(store.get("k")).isEmpty();
          assertThat(store.metadata("k")).isEmpty();
          assertThat(store.keys("")).isEmpty();
          assertThat(store.delete("k")).isFalse();
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void anOverwriteClearsTheTtl() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          place.settle(this);
          setAll(store, "k");
          place.settle(this);
          pass(ofSeconds(10));

          assertThat(store.contains("k")).isTrue();
          assertThat(store.metadata("k").flatMap(EntryMetadata::expiresAt)).isEmpty();
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void aKeptTtlEndsWhenItWouldHave() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          place.settle(this);
          pass(ofSeconds(6));
          store.set("k", utf8("w"), SetOptions.none().keepingTtl());
          place.settle(this);
          pass(ofMillis(3_999));
          assertThat(text(store, "k")).contains("w");
          pass(ofMillis(1));

          assertThat(store.contains("k")).isFalse();
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void anExpiredKeyCanBeSetAgain() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          place.settle(this);
          pass(ofSeconds(10));
          setAll(store, "k");
          place.settle(this);

          assertThat(store.metadata("k").orElseThrow().created()).isEqualTo(now());
          assertThat(store.cleanupExpired()).isZero();
          assertThat(store.contains("k")).isTrue();
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void whatFollowsAnExpiredOrDeletedEntryIsNewEvenIfItLooksTheSame() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          SetOptions options = SetOptions.ttl(ofSeconds(10));
          store.set("expired", utf8("v"), options);
          store.set("deleted", utf8("v"), options);
          place.settle(this);
          pass(ofSeconds(5));
          store.delete("deleted");
          store.set("deleted", utf8("v"), options);
          Instant replaced = now();
          place.settle(this);
          pass(ofSeconds(5));
          store.set("expired", utf8("v"), options);
          place.settle(this);

          assertThat(store.metadata("deleted").orElseThrow().created()).isEqualTo(replaced);
          assertThat(store.metadata("expired").orElseThrow().created()).isEqualTo(now());
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void cleanupRemovesWhatHasExpired() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          KeyValueStore other = namespace("other");
          store.set("a", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          store.set("b", utf8("v"), SetOptions.ttl(ofSeconds(11)));
          setAll(store, "c");
          other.set("a", utf8("v"), SetOptions.ttl(ofSeconds(10)));
          place.settle(this);
          pass(ofSeconds(10));

          assertThat(store.cleanupExpired()).isEqualTo(1);
          assertThat(store.cleanupExpired()).isZero();
          assertThat(store.keys("")).containsExactly("b", "c");
          assertThat(other.cleanupExpired()).isEqualTo(1);
        });
  }
}
