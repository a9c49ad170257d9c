package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Entries: written, read, listed, removed. */
interface EntryContract extends Fixture {

  @Test
  default void aDeletedKeyIsGone() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          setAll(store, "deleted", "kept");
          place.settle(this);
          assertThat(store.delete("deleted")).isTrue();
          place.settle(this);

          assertThat(store.get("deleted")).isEmpty();
          assertThat(store.contains("deleted")).isFalse();
          assertThat(store.metadata("deleted")).isEmpty();
          assertThat(store.keys("")).containsExactly("kept");
          assertThat(store.delete("deleted")).isFalse();
        });
  }

  @Test
  default void aDeletedKeyCanBeSetAgain() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          store.set("k", utf8("old"));
          place.settle(this);
          store.delete("k");
          place.settle(this);
          pass(ofSeconds(1));
          store.set("k", utf8("new"));
          place.settle(this);

          assertThat(text(store, "k")).contains("new");
          assertThat(store.metadata("k").orElseThrow().created()).isEqualTo(now());
        });
  }

  @Test
  default void anAbsentKeyIsAbsent() {
    KeyValueStore store = open("flush=off");

    assertThat(store.get("k")).isEmpty();
    assertThat(store.contains("k")).isFalse();
    assertThat(store.metadata("k")).isEmpty();
    assertThat(store.delete("k")).isFalse();
    assertThat(store.keys("")).isEmpty();
  }

  @Test
  default void anyBytesAreAValue() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          byte[] large = new byte[300_000];
          new Random(1).nextBytes(large);
          store.set("empty", new byte[0]);
          store.set("large", large);
          place.settle(this);

          assertThat(store.get("empty").orElseThrow()).isEmpty();
          assertThat(store.get("large").orElseThrow()).isEqualTo(large);
        });
  }

  @Test
  default void anyTextIsAKey() {
    List<String> keys =
        List.of(" ", "\0", "\n", "%41", "A", "a", "a:b", "a\\b", "a/../b", "ä", "😀");
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          keys.forEach(key -> store.set(key, utf8("value of " + key)));
          place.settle(this);

          keys.forEach(key -> assertThat(text(store, key)).contains("value of " + key));
          assertThat(store.keys("")).hasSameElementsAs(keys);
        });
  }

  @Test
  default void namespacesAreIsolated() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          KeyValueStore other = namespace("other");
          store.set("same", utf8("one"));
          other.set("same", utf8("two"));
          setAll(other, "only");
          place.settle(this);
          store.delete("only");

          assertThat(text(store, "same")).contains("one");
          assertThat(text(other, "same")).contains("two");
          assertThat(store.keys("")).containsExactly("same");
          assertThat(other.keys("")).containsExactly("only", "same");
        });
  }

  @Test
  default void clearEmptiesItsNamespaceOnly() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          KeyValueStore other = namespace("other");
          setAll(store, "a", "b");
          setAll(other, "a");
          place.settle(this);
          setAll(store, "c");
          store.clear();

          assertThat(store.keys("")).isEmpty();
          assertThat(store.get("a")).isEmpty();
          assertThat(other.keys("")).containsExactly("a");
        });
  }

  @Test
  default void aFlushMakesEverythingDurable() {
    KeyValueStore store = open("flush=off");
    long first = store.set("a", utf8("v"));
    long second = store.set("b", utf8("v"));
    store.flush();

    assertThat(second).isGreaterThan(first);
    assertThat(store.durableSequence()).isEqualTo(second);
    assertThat(store.stats().bufferedKeys()).isZero();
  }
}
