package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Changes of one entry that depend on what is there. */
interface AtomicContract extends Fixture {
  /** All that an in-place change keeps. */
  private static SetOptions all() {
    return SetOptions.ttl(ofSeconds(100)).withTags("a", "b");
  }

  /** Sets an entry with tags and TTL, and lets some time pass. */
  private Instant setAndSettle(Place place, String value) {
    Instant created = now();
    store().set("k", utf8(value), all());
    place.settle(this);
    pass(ofSeconds(1));
    return created;
  }

  /** Whether the entry has the value, and else all it had, now and after a flush. */
  private void expectChangedInPlace(String value, Instant created, Instant updated) {
    for (int i = 0; i < 2; i++) {
      assertThat(text(store(), "k")).contains(value);
      assertThat(store().metadata("k"))
          .contains(
              new EntryMetadata(
                  "k",
                  value.length(),
                  created,
                  updated,
                  Optional.of(created.plusSeconds(100)),
                  Set.of("a", "b")));
      assertThat(store().queryByTags("a", "b")).hasSize(1);
      heal();
      store().flush();
    }
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void setIfAbsentSetsWhereThereIsNothingAndOnlyThere() {
    whereverItMayChange(
        place -> {
          assertThat(store().setIfAbsent("k", utf8("v"), all())).isTrue();
          Instant created = now();
          place.settle(this);
          pass(ofSeconds(1));
          assertThat(store().setIfAbsent("k", utf8("w"))).isFalse();

          expectChangedInPlace("v", created, created);
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void whatWasDeletedOrHasExpiredIsAbsent() {
    whereverItMayChange(
        place -> {
          store().set("deleted", utf8("v"));
          store().set("expired", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          store().delete("deleted");
          place.settle(this);
          pass(ofSeconds(1));
          for (String key : new String[] {"deleted", "expired", "never"}) {
            assertThat(store().entry(key)).isEmpty();
            assertThat(store().setIfPresent(key, utf8("w"))).isFalse();
            assertThat(store().replace(key, utf8("v"), utf8("w"))).isFalse();
            assertThat(store().delete(key, utf8("v"))).isFalse();
            assertThat(store().getAndDelete(key)).isEmpty();
            assertThat(store().touch(key, ofSeconds(9))).isFalse();
            assertThat(store().contains(key)).isFalse();
            assertThat(store().setIfAbsent(key, utf8("w"))).isTrue();
            assertThat(store().metadata(key).orElseThrow().created()).isEqualTo(now());
          }
          assertThat(store().size()).isEqualTo(3);
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void setIfPresentReplacesTheWholeEntry() {
    whereverItMayChange(
        place -> {
          Instant created = setAndSettle(place, "v");

          assertThat(store().setIfPresent("k", utf8("w"), SetOptions.tags("c"))).isTrue();
          assertThat(store().metadata("k"))
              .contains(new EntryMetadata("k", 1, created, now(), Optional.empty(), Set.of("c")));
          assertThat(text(store(), "k")).contains("w");
          assertThat(store().tags()).containsOnlyKeys("c");
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void replaceComparesTheContentAndKeepsAllElse() {
    whereverItMayChange(
        place -> {
          Instant created = setAndSettle(place, "v");

          assertThat(store().replace("k", utf8("w"), utf8("x"))).isFalse();
          assertThat(store().replace("k", utf8("vv"), utf8("x"))).isFalse();
          assertThat(store().replace("k", utf8(""), utf8("x"))).isFalse();
          expectChangedInPlace("v", created, created);
          assertThat(store().replace("k", utf8("v"), utf8("longer"))).isTrue();
          expectChangedInPlace("longer", created, now());
        });
  }

  @Test
  default void bytesOfAnyKindAreComparedWhole() {
    whereverItMayChange(
        place -> {
          byte[] value = Fixture.random(40_000);
          byte[] other = value.clone();
          other[39_999]++;
          store().set("k", value);
          store().set("empty", new byte[0]);
          place.settle(this);

          assertThat(store().replace("k", other, utf8("x"))).isFalse();
          assertThat(store().delete("k", other)).isFalse();
          assertThat(store().replace("k", value, other)).isTrue();
          assertThat(store().get("k").orElseThrow()).isEqualTo(other);
          assertThat(store().replace("empty", new byte[0], new byte[1])).isTrue();
          assertThat(store().delete("empty", new byte[1])).isTrue();
          assertThat(store().keys("")).containsExactly("k");
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void deletingAnExpectedValueLeavesOthersAlone() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("t"));
          place.settle(this);

          assertThat(store().delete("k", utf8("w"))).isFalse();
          assertThat(text(store(), "k")).contains("v");
          assertThat(store().delete("k", utf8("v"))).isTrue();
          assertThat(store().get("k")).isEmpty();
          assertThat(store().tags()).isEmpty();
          assertThat(store().delete("k", utf8("v"))).isFalse();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void getAndSetReturnsWhatItReplaces() {
    whereverItMayChange(
        place -> {
          assertThat(store().getAndSet("k", utf8("first"))).isEmpty();
          place.settle(this);
          assertThat(store().getAndSet("k", utf8("v"), all()).map(Fixture::text)).contains("first");
          place.settle(this);
          assertThat(store().getAndSet("k", utf8("w")).map(Fixture::text)).contains("v");

          assertThat(text(store(), "k")).contains("w");
          assertThat(store().metadata("k").orElseThrow().tags()).isEmpty();
          assertThat(store().metadata("k").orElseThrow().expiresAt()).isEmpty();
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void getAndDeleteReturnsWhatItRemoves() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("t"));
          place.settle(this);

          assertThat(store().getAndDelete("k").map(Fixture::text)).contains("v");
          assertThat(store().getAndDelete("k")).isEmpty();
          assertThat(store().tags()).isEmpty();
          heal();
          store().flush();
          assertThat(store().keys("")).isEmpty();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void touchChangesTheExpiryAndNothingElse() {
    whereverItMayChange(
        place -> {
          Instant created = setAndSettle(place, "v");
          assertThat(store().touch("k", ofSeconds(200))).isTrue();
          Instant expiresAt = now().plusSeconds(200);

          for (int i = 0; i < 2; i++) {
            assertThat(store().metadata("k"))
                .contains(
                    new EntryMetadata(
                        "k", 1, created, created, Optional.of(expiresAt), Set.of("a", "b")));
            assertThat(text(store(), "k")).contains("v");
            heal();
            store().flush();
          }
          pass(ofSeconds(150));
          assertThat(store().queryByTags("a")).hasSize(1);
          assertThat(store().touch("k", ofSeconds(1))).isTrue();
          pass(ofSeconds(1));
          assertThat(store().contains("k")).isFalse();
          assertThat(store().queryByTags("a")).isEmpty();
          store().cleanupExpired();
          assertThat(store().keys("")).isEmpty();
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void touchGivesATtlToAnEntryThatHasNone() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"));
          place.settle(this);
          assertThat(store().touch("k", ofSeconds(5))).isTrue();
          place.settle(this);
          assertThat(text(store(), "k")).contains("v");
          pass(ofSeconds(5));

          assertThat(store().get("k")).isEmpty();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void anEntryIsValueAndMetadataOfOneMoment() {
    whereverItMayChange(
        place -> {
          Instant created = setAndSettle(place, "v");
          for (int i = 0; i < 2; i++) {
            Entry entry = store().entry("k").orElseThrow();
            assertThat(entry.metadata()).isEqualTo(store().metadata("k").orElseThrow());
            assertThat(entry.metadata().created()).isEqualTo(created);
            assertThat(entry.value()).isEqualTo(utf8("v"));
            entry.value()[0] = 'x';
            assertThat(text(store(), "k")).contains("v");
            heal();
            store().flush();
          }
          store().set("k", utf8("w"));
          assertThat(store().entry("k").orElseThrow().metadata().created()).isEqualTo(created);
          pass(ofSeconds(100));
          assertThat(store().entry("k")).isPresent();
          assertThat(store().entry("other")).isEmpty();
        });
  }

  @Test
  @Requires(Capability.TTL)
  default void sizeCountsWhatIsAliveInThisNamespace() {
    whereverItMayChange(
        place -> {
          assertThat(store().size()).isZero();
          Fixture.setAll(store(), "a", "b", "c");
          store().set("d", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          namespace("other").set("x", utf8("v"));
          place.settle(this);
          store().delete("b");
          store().set("c", utf8("w"));

          assertThat(store().size()).isEqualTo(3);
          pass(ofSeconds(1));
          assertThat(store().size()).isEqualTo(2);
          assertThat(namespace("other").size()).isEqualTo(1);
          heal();
          store().flush();
          assertThat(store().size()).isEqualTo(2);
        });
  }

  @Test
  default void valuesGivenAreCopied() {
    whereverItMayChange(
        place -> {
          byte[] value = utf8("v");
          store().setIfAbsent("k", value);
          value[0] = 'x';
          place.settle(this);
          assertThat(text(store(), "k")).contains("v");
          byte[] next = utf8("w");
          store().replace("k", utf8("v"), next);
          next[0] = 'x';
          place.settle(this);
          assertThat(text(store(), "k")).contains("w");
          byte[] last = utf8("y");
          byte[] before = store().getAndSet("k", last).orElseThrow();
          last[0] = 'x';
          before[0] = 'x';
          assertThat(text(store(), "k")).contains("y");
        });
  }

  @Test
  @SuppressWarnings("NullAway") // that is what is tested
  default void argumentsThatAreRefusedChangeNothing() {
    store().set("k", utf8("v"));
    assertThatThrownBy(() -> store().setIfAbsent("", utf8("v")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().increment("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().touch("k", ofSeconds(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> store().touch("k", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> store().replace("k", null, utf8("w")))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("expected");
    assertThatThrownBy(() -> store().delete("k", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> store().compute("k", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> store().getAndSet("k", null)).isInstanceOf(NullPointerException.class);

    assertThat(store().stats().sequence()).isEqualTo(1);
    assertThat(text(store(), "k")).contains("v");
  }

  @Test
  default void aConditionThatDoesNotHoldWritesNothing() {
    whereverItMayChange(
        place -> {
          store().set("k", utf8("v"));
          place.settle(this);
          long before = store().stats().sequence();
          store().setIfAbsent("k", utf8("w"));
          store().setIfPresent("absent", utf8("w"));
          store().replace("k", utf8("x"), utf8("w"));
          store().delete("k", utf8("x"));
          store().getAndDelete("absent");

          assertThat(store().stats().sequence()).isEqualTo(before);
          assertThat(store().keys("")).containsExactly("k");
        });
  }
}
