package io.nadb.contract;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.SetOptions;
import io.nadb.testing.Bytes;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writing and reading one entry. */
interface SetContract extends Fixture {

  @ParameterizedTest
  @EnumSource
  default void aWriteIsReadBackWhereverItIs(Place place) {
    store().set("k", utf8("v"));
    place.settle(this);

    assertThat(text(store(), "k")).contains("v");
    assertThat(store().contains("k")).isTrue();
    assertThat(store().metadata("k"))
        .contains(new EntryMetadata("k", 1, now(), now(), Optional.empty(), Set.of()));
  }

  @ParameterizedTest
  @EnumSource
  default void anOverwriteIsReadBackWhereverTheOldValueIs(Place place) {
    store().set("k", utf8("old"));
    place.settle(this);
    store().set("k", utf8("newer"));

    assertThat(text(store(), "k")).contains("newer");
    assertThat(store().metadata("k").orElseThrow().size()).isEqualTo(5);
    faults().heal();
    store().flush();
    assertThat(text(store(), "k")).contains("newer");
  }

  @ParameterizedTest
  @EnumSource
  default void aDeletedEntryIsGoneWhereverItWas(Place place) {
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
      faults().heal();
      store().flush();
    }
  }

  @Test
  default void anAbsentKeyIsAbsentAndDeletingItWritesNothing() {
    assertThat(store().get("k")).isEmpty();
    assertThat(store().contains("k")).isFalse();
    assertThat(store().metadata("k")).isEmpty();
    assertThat(store().delete("k")).isFalse();
    assertThat(store().stats().sequence()).isZero();
    assertThat(store().stats().bufferedKeys()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  default void aPlainSetClearsTagsAndTtl(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    place.settle(this);
    store().set("k", utf8("w"));

    for (int i = 0; i < 2; i++) {
      EntryMetadata metadata = store().metadata("k").orElseThrow();
      assertThat(metadata.tags()).isEmpty();
      assertThat(metadata.expiresAt()).isEmpty();
      assertThat(store().queryByTags("t")).isEmpty();
      faults().heal();
      store().flush();
    }
    pass(ofSeconds(10));
    assertThat(text(store(), "k")).contains("w");
  }

  @ParameterizedTest
  @EnumSource
  default void keepingTagsKeepsThemAndClearsTheTtl(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("a", "b"));
    place.settle(this);
    store().set("k", utf8("w"), SetOptions.none().keepingTags());

    for (int i = 0; i < 2; i++) {
      EntryMetadata metadata = store().metadata("k").orElseThrow();
      assertThat(metadata.tags()).containsExactly("a", "b");
      assertThat(metadata.expiresAt()).isEmpty();
      assertThat(text(store(), "k")).contains("w");
      faults().heal();
      store().flush();
    }
  }

  @ParameterizedTest
  @EnumSource
  default void keepingTtlKeepsTheMomentOfExpiryAndClearsTheTags(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("a"));
    var expiresAt = now().plusSeconds(10);
    place.settle(this);
    pass(ofSeconds(4));
    store().set("k", utf8("w"), SetOptions.none().keepingTtl());

    for (int i = 0; i < 2; i++) {
      EntryMetadata metadata = store().metadata("k").orElseThrow();
      assertThat(metadata.tags()).isEmpty();
      assertThat(metadata.expiresAt()).contains(expiresAt);
      faults().heal();
      store().flush();
    }
    pass(ofSeconds(6));
    assertThat(store().get("k")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  default void whatIsKeptCombinesWithWhatIsGiven(Place place) {
    store().set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)).withTags("a"));
    var expiresAt = now().plusSeconds(10);
    place.settle(this);

    store().set("k", utf8("w"), SetOptions.tags("b").keepingTtl());
    assertThat(store().metadata("k").orElseThrow().tags()).containsExactly("b");
    assertThat(store().metadata("k").orElseThrow().expiresAt()).contains(expiresAt);

    store().set("k", utf8("x"), SetOptions.ttl(ofSeconds(20)).keepingTags());
    assertThat(store().metadata("k").orElseThrow().tags()).containsExactly("b");
    assertThat(store().metadata("k").orElseThrow().expiresAt()).contains(now().plusSeconds(20));
  }

  @ParameterizedTest
  @EnumSource
  default void nothingIsKeptOfADeletedOrExpiredEntry(Place place) {
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
  }

  @ParameterizedTest
  @EnumSource
  default void valuesAreCopiedInAndOut(Place place) {
    byte[] value = utf8("value");
    store().set("k", value);
    value[0] = 'X';
    place.settle(this);
    store().get("k").orElseThrow()[1] = 'X';

    assertThat(text(store(), "k")).contains("value");
  }

  @ParameterizedTest
  @EnumSource
  default void anEmptyValueIsAValue(Place place) {
    store().set("k", new byte[0], SetOptions.tags("t"));
    place.settle(this);

    assertThat(store().get("k")).hasValueSatisfying(value -> assertThat(value).isEmpty());
    assertThat(store().contains("k")).isTrue();
    assertThat(store().metadata("k").orElseThrow().size()).isZero();
    assertThat(store().queryByTags("t")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  default void theLongestKeysAreToldApart(Place place) {
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
  }

  @ParameterizedTest
  @EnumSource
  default void valuesOfManySizesComeBackAsTheyWere(Place place) {
    int[] sizes = {1, 7, 8, 9, 63, 64, 65, 4096, 32767, 32768, 32769, 300_000};
    for (int size : sizes) {
      store().set("k" + size, Bytes.random(size));
    }
    place.settle(this);

    for (int size : sizes) {
      assertThat(store().get("k" + size).orElseThrow()).isEqualTo(Bytes.random(size));
    }
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
    assertThat(store().durableSequence()).isEqualTo(4);
  }
}
