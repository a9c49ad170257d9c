package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Entries: written, read, listed, removed. */
interface EntryContract extends Fixture {

  /** A write is read back, with its metadata. */
  @Test
  default void aWriteIsReadBack() {
    wherever(
        (store, settle) -> {
          Instant now = harness().time().now();
          store.set("k", utf8("value"));
          settle.run();

          assertThat(text(store, "k")).contains("value");
          assertThat(store.contains("k")).isTrue();
          EntryMetadata metadata = store.metadata("k").orElseThrow();
          assertThat(metadata.key()).isEqualTo("k");
          assertThat(metadata.size()).isEqualTo(5);
          assertThat(metadata.created()).isEqualTo(now);
          assertThat(metadata.updated()).isEqualTo(now);
          assertThat(metadata.tags()).isEmpty();
          assertThat(metadata.expiresAt()).isEmpty();
        });
  }

  /** An overwrite replaces the value, and keeps the creation time. */
  @Test
  default void anOverwriteReplacesTheValueAndKeepsTheCreationTime() {
    wherever(
        (store, settle) -> {
          Instant created = harness().time().now();
          store.set("k", utf8("old"));
          settle.run();
          harness().time().advance(ofSeconds(1));
          store.set("k", utf8("newer"));
          settle.run();

          assertThat(text(store, "k")).contains("newer");
          EntryMetadata metadata = store.metadata("k").orElseThrow();
          assertThat(metadata.size()).isEqualTo(5);
          assertThat(metadata.created()).isEqualTo(created);
          assertThat(metadata.updated()).isEqualTo(created.plusSeconds(1));
        });
  }

  /** A deleted key is gone in every method. */
  @Test
  default void aDeletedKeyIsGone() {
    wherever(
        (store, settle) -> {
          setAll(store, "deleted", "kept");
          settle.run();
          assertThat(store.delete("deleted")).isTrue();
          settle.run();

          assertThat(store.get("deleted")).isEmpty();
          assertThat(store.contains("deleted")).isFalse();
          assertThat(store.metadata("deleted")).isEmpty();
          assertThat(store.keys("")).containsExactly("kept");
          assertThat(store.delete("deleted")).isFalse();
        });
  }

  /** A key that was deleted can be set again, and is new. */
  @Test
  default void aDeletedKeyCanBeSetAgain() {
    wherever(
        (store, settle) -> {
          store.set("k", utf8("old"));
          settle.run();
          store.delete("k");
          settle.run();
          harness().time().advance(ofSeconds(1));
          store.set("k", utf8("new"));
          settle.run();

          assertThat(text(store, "k")).contains("new");
          assertThat(store.metadata("k").orElseThrow().created()).isEqualTo(harness().time().now());
        });
  }

  /** An absent key is absent, and nothing is written by asking. */
  @Test
  default void anAbsentKeyIsAbsent() {
    KeyValueStore store = open("flush=off");

    assertThat(store.get("k")).isEmpty();
    assertThat(store.contains("k")).isFalse();
    assertThat(store.metadata("k")).isEmpty();
    assertThat(store.delete("k")).isFalse();
    assertThat(store.keys("")).isEmpty();
  }

  /** A value may be empty, or of any bytes and many. */
  @Test
  default void anyBytesAreAValue() {
    wherever(
        (store, settle) -> {
          byte[] large = new byte[300_000];
          new Random(1).nextBytes(large);
          store.set("empty", new byte[0]);
          store.set("large", large);
          settle.run();

          assertThat(store.get("empty").orElseThrow()).isEmpty();
          assertThat(store.get("large").orElseThrow()).isEqualTo(large);
        });
  }

  /** What a caller does to an array changes no value. */
  @Test
  default void valuesAreCopied() {
    wherever(
        (store, settle) -> {
          byte[] value = utf8("value");
          store.set("k", value);
          value[0] = 'X';
          settle.run();
          store.get("k").orElseThrow()[1] = 'X';

          assertThat(text(store, "k")).contains("value");
        });
  }

  /** Any text is a key. */
  @Test
  default void anyTextIsAKey() {
    List<String> keys =
        List.of(" ", "\0", "\n", "%41", "A", "a", "a:b", "a\\b", "a/../b", "ä", "😀");
    wherever(
        (store, settle) -> {
          keys.forEach(key -> store.set(key, utf8("value of " + key)));
          settle.run();

          keys.forEach(key -> assertThat(text(store, key)).contains("value of " + key));
          assertThat(store.keys("")).hasSameElementsAs(keys);
        });
  }

  /** Keys are listed by prefix, in the order of code points. */
  @Test
  default void keysComeByPrefixInOrder() {
    wherever(
        (store, settle) -> {
          setAll(store, "b", "😀", "a2", "\uffff", "a", "a10");
          settle.run();

          assertThat(store.keys("")).containsExactly("a", "a10", "a2", "b", "\uffff", "😀");
          assertThat(store.keys("a")).containsExactly("a", "a10", "a2");
          assertThat(store.keys("c")).isEmpty();
        });
  }

  /** Namespaces see nothing of each other. */
  @Test
  default void namespacesAreIsolated() {
    wherever(
        (store, settle) -> {
          KeyValueStore other = openNamespace(store, "other");
          store.set("same", utf8("one"));
          other.set("same", utf8("two"));
          setAll(other, "only");
          settle.run();
          store.delete("only");

          assertThat(text(store, "same")).contains("one");
          assertThat(text(other, "same")).contains("two");
          assertThat(store.keys("")).containsExactly("same");
          assertThat(other.keys("")).containsExactly("only", "same");
        });
  }

  /** Clearing empties one namespace, and no other. */
  @Test
  default void clearEmptiesItsNamespaceOnly() {
    wherever(
        (store, settle) -> {
          KeyValueStore other = openNamespace(store, "other");
          setAll(store, "a", "b");
          setAll(other, "a");
          settle.run();
          setAll(store, "c");
          store.clear();

          assertThat(store.keys("")).isEmpty();
          assertThat(store.get("a")).isEmpty();
          assertThat(other.keys("")).containsExactly("a");
        });
  }

  /** A flush makes all that was written durable. */
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
