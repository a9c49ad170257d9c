package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Writing and reading one entry. */
interface SetContract extends Fixture {

  @Test
  default void aWriteIsReadBackWhereverItIs() {
    wherever(
        place -> {
          store().set("k", utf8("v"));
          place.settle(this);

          assertThat(text(store(), "k")).contains("v");
          assertThat(store().contains("k")).isTrue();
          assertThat(store().metadata("k"))
              .contains(new EntryMetadata("k", 1, now(), now(), Optional.empty(), Set.of()));
        });
  }

  @Test
  default void anOverwriteIsReadBackWhereverTheOldValueIs() {
    wherever(
        place -> {
          store().set("k", utf8("old"));
          place.settle(this);
          store().set("k", utf8("newer"));

          assertThat(text(store(), "k")).contains("newer");
          assertThat(store().metadata("k").orElseThrow().size()).isEqualTo(5);
          heal();
          store().flush();
          assertThat(text(store(), "k")).contains("newer");
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void aDeletedEntryIsGoneWhereverItWas() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("t"));
          place.settle(this);

          assertThat(store().delete("k")).isTrue();
          for (int i = 0; i < 2; i++) {
            assertThat(store().get("k")).isEmpty();
            assertThat(store().contains("k")).isFalse();
            assertThat(store().metadata("k")).isEmpty();
            assertThat(store().keys("")).isEmpty();
            assertThat(store().queryByTags("t")).isEmpty();
            assertThat(store().tags()).isEmpty();
            assertThat(store().delete("k")).isFalse();
            heal();
            store().flush();
          }
        });
  }

  @Test
  @Requires(Capability.BUFFER)
  default void anAbsentKeyIsAbsentAndDeletingItWritesNothing() {
    assertThat(store().get("k")).isEmpty();
    assertThat(store().contains("k")).isFalse();
    assertThat(store().metadata("k")).isEmpty();
    assertThat(store().delete("k")).isFalse();
    assertThat(store().stats().sequence()).isZero();
    assertThat(store().stats().bufferedKeys()).isZero();
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void aPlainSetClearsTagsAndTtl() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
          place.settle(this);
          store().set("k", utf8("w"));

          for (int i = 0; i < 2; i++) {
            EntryMetadata metadata = store().metadata("k").orElseThrow();
            assertThat(metadata.tags()).isEmpty();
            assertThat(metadata.expiresAt()).isEmpty();
            assertThat(store().queryByTags("t")).isEmpty();
            heal();
            store().flush();
          }
          pass(ofSeconds(10));
          assertThat(text(store(), "k")).contains("w");
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void keepingTagsKeepsThemAndClearsTheTtl() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("a", "b"));
          place.settle(this);
          store().set("k", utf8("w"), SetOptions.none().keepingTags());

          for (int i = 0; i < 2; i++) {
            EntryMetadata metadata = store().metadata("k").orElseThrow();
            assertThat(metadata.tags()).containsExactly("a", "b");
            assertThat(metadata.expiresAt()).isEmpty();
            assertThat(text(store(), "k")).contains("w");
            heal();
            store().flush();
          }
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void keepingTtlKeepsTheMomentOfExpiryAndClearsTheTags() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("a"));
          var expiresAt = now().plusSeconds(10);
          place.settle(this);
          pass(ofSeconds(4));
          store().set("k", utf8("w"), SetOptions.none().keepingTtl());

          for (int i = 0; i < 2; i++) {
            EntryMetadata metadata = store().metadata("k").orElseThrow();
            assertThat(metadata.tags()).isEmpty();
            assertThat(metadata.expiresAt()).contains(expiresAt);
            heal();
            store().flush();
          }
          pass(ofSeconds(6));
          assertThat(store().get("k")).isEmpty();
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void whatIsKeptCombinesWithWhatIsGiven() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("a"));
          var expiresAt = now().plusSeconds(10);
          place.settle(this);

          store().set("k", utf8("w"), SetOptions.tags("b").keepingTtl());
          assertThat(store().metadata("k").orElseThrow().tags()).containsExactly("b");
          assertThat(store().metadata("k").orElseThrow().expiresAt()).contains(expiresAt);

          store().set("k", utf8("x"), SetOptions.ttl(ofSeconds(20)).keepingTags());
          assertThat(store().metadata("k").orElseThrow().tags()).containsExactly("b");
          assertThat(store().metadata("k").orElseThrow().expiresAt())
              .contains(now().plusSeconds(20));
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void nothingIsKeptOfADeletedOrExpiredEntry() {
    wherever(
        place -> {
          SetOptions all = SetOptions.ttl(ofSeconds(10)).withTags("a");
          SetOptions keeping = SetOptions.none().keepingTags().keepingTtl();
          store().set("deleted", utf8("v"), all);
          store().set("expired", utf8("v"), all);
          store().delete("deleted");
          place.settle(this);
          pass(ofSeconds(10));
          for (String key : new String[] {"deleted", "expired", "absent"}) {
            store().set(key, utf8("w"), keeping);

            assertThat(text(store(), key)).contains("w");
            assertThat(store().metadata(key).orElseThrow().tags()).isEmpty();
            assertThat(store().metadata(key).orElseThrow().expiresAt()).isEmpty();
          }
        });
  }

  @Test
  default void valuesAreCopiedInAndOut() {
    wherever(
        place -> {
          byte[] value = utf8("value");
          store().set("k", value);
          value[0] = 'X';
          place.settle(this);
          store().get("k").orElseThrow()[1] = 'X';

          assertThat(text(store(), "k")).contains("value");
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void anEmptyValueIsAValue() {
    wherever(
        place -> {
          store().set("k", new byte[0], SetOptions.tags("t"));
          place.settle(this);

          assertThat(store().get("k")).hasValueSatisfying(value -> assertThat(value).isEmpty());
          assertThat(store().contains("k")).isTrue();
          assertThat(store().metadata("k").orElseThrow().size()).isZero();
          assertThat(store().queryByTags("t")).hasSize(1);
        });
  }

  @Test
  default void theLongestKeysAreToldApart() {
    wherever(
        place -> {
          String ascii = "k".repeat((64 << 10) - 1);
          String wide = "\u20ac".repeat((64 << 10) / 3);
          store().set(ascii + "a", utf8("a"));
          store().set(ascii + "b", utf8("b"));
          store().set(wide, utf8("c"));
          place.settle(this);

          assertThat(text(store(), ascii + "a")).contains("a");
          assertThat(text(store(), ascii + "b")).contains("b");
          assertThat(text(store(), wide)).contains("c");
          assertThat(store().contains(ascii)).isFalse();
          assertThat(store().keys("")).containsExactly(ascii + "a", ascii + "b", wide);
          assertThat(store().keys(ascii)).containsExactly(ascii + "a", ascii + "b");
        });
  }

  @Test
  default void valuesOfManySizesComeBackAsTheyWere() {
    wherever(
        place -> {
          int[] sizes = {1, 7, 8, 9, 63, 64, 65, 4096, 32767, 32768, 32769, 300_000};
          for (int size : sizes) {
            store().set("k" + size, Fixture.random(size));
          }
          place.settle(this);

          for (int size : sizes) {
            assertThat(store().get("k" + size).orElseThrow()).isEqualTo(Fixture.random(size));
          }
        });
  }

  @Test
  default void sequenceNumbersCountWritesAcrossKeysAndNamespaces() {
    assertThat(store().set("a", utf8("1"))).isEqualTo(1);
    assertThat(store().set("a", utf8("2"))).isEqualTo(2);
    assertThat(namespace("other").set("a", utf8("3"))).isEqualTo(3);
    assertThat(store().delete("a")).isTrue();
    assertThat(store().stats().sequence()).isEqualTo(4);
    store().flush();
    assertThat(store().set("b", utf8("5"))).isEqualTo(5);
    assertThat(store().durableSequence()).isBetween(4L, can(Capability.BUFFER) ? 4L : 5L);
  }
}
