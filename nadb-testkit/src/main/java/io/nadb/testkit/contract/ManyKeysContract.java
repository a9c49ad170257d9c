package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several keys in one call, and several namespaces of one handle. */
interface ManyKeysContract extends Fixture {

  /** Values as text, in the order of the map. */
  private static String shown(Map<String, byte[]> values) {
    StringBuilder shown = new StringBuilder();
    values.forEach((key, value) -> shown.append(key).append('=').append(text(value)).append(' '));
    return shown.toString().strip();
  }

  @Test
  @Requires(Capability.TTL)
  default void getAllGivesWhatThereIsInTheOrderOfTheKeys() {
    wherever(
        place -> {
          store().set("b", utf8("flushed"));
          store().set("d", utf8("v"));
          store().set("e", utf8("v"), SetOptions.ttl(ofSeconds(1)));
          store().set("f", utf8("v"), SetOptions.ttl(ofSeconds(2)));
          store().flush();
          store().set("a", utf8("settled"));
          store().delete("d");
          place.settle(this);
          heal();
          store().set("c", utf8("buffered"));
          pass(ofSeconds(1));

          List<String> keys = Arrays.asList("f", "c", "d", "b", "e", "a", "never", "c");
          Map<String, byte[]> values = store().getAll(keys);
          assertThat(shown(values)).isEqualTo("f=v c=buffered b=flushed a=settled");
          values.values().forEach(value -> value[0] = 'x'); // They are copies.
          assertThat(text(store(), "a")).contains("settled");
          assertThatThrownBy(() -> values.remove("a"))
              .isInstanceOf(UnsupportedOperationException.class);
          assertThat(store().getAll(Set.of())).isEmpty();
        });
  }

  @Test
  default void getAllCountsEachKeyOnce() {
    store().set("a", utf8("v"));
    StoreStats before = store().stats();
    store().getAll(List.of("a", "b", "a", "c"));

    assertThat(store().stats().hits() - before.hits()).isEqualTo(1);
    assertThat(store().stats().misses() - before.misses()).isEqualTo(2);
  }

  @Test
  default void getAllOfManyKeysGivesAllOfThem() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      keys.add("k" + i);
      if (i % 3 > 0) {
        store().set("k" + i, utf8("v" + i));
      }
    }
    Map<String, byte[]> values = store().getAll(keys);

    assertThat(values).hasSize(666);
    values.forEach((key, value) -> assertThat(text(value)).isEqualTo("v" + key.substring(1)));
    assertThat(values.keySet())
        .containsExactly(keys.stream().filter(values::containsKey).toArray(String[]::new));
  }

  @Test
  default void getAllRefusesWhatIsNoKey() {
    assertThatThrownBy(() -> store().getAll(List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key");
    assertThatThrownBy(() -> store().getAll(Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TTL, Capability.TAGS})
  default void setAllSetsAllAsTheOptionsSay() {
    whereverItMayChange(
        place -> {
          store().set("a", utf8("old"), SetOptions.tags("gone"));
          place.settle(this);
          Map<String, byte[]> entries = new LinkedHashMap<>();
          entries.put("a", utf8("1"));
          entries.put("b", utf8("2"));
          long last = store().setAll(entries, SetOptions.ttl(ofSeconds(5)).withTags("t"));
          entries.values().forEach(value -> value[0] = 'x'); // They have been copied.

          for (int i = 0; i < 2; i++) {
            assertThat(shown(store().getAll(List.of("a", "b")))).isEqualTo("a=1 b=2");
            assertThat(store().tags()).isEqualTo(Map.of("t", 2L));
            assertThat(store().metadata("b").orElseThrow().expiresAt())
                .contains(now().plusSeconds(5));
            heal();
            store().flush();
          }
          assertThat(last).isEqualTo(store().stats().sequence());
          pass(ofSeconds(5));
          assertThat(store().getAll(List.of("a", "b"))).isEmpty();
        });
  }

  @Test
  @Requires({Capability.TRANSACTIONS, Capability.TAGS})
  default void setAllKeepsWhatTheOptionsSay() {
    whereverItMayChange(
        place -> {
          store().set("a", utf8("old"), SetOptions.tags("t"));
          place.settle(this);
          store().setAll(Map.of("a", utf8("1"), "b", utf8("2")), SetOptions.none().keepingTags());

          assertThat(shown(store().getAll(List.of("a", "b")))).isEqualTo("a=1 b=2");
          assertThat(store().tags()).isEqualTo(Map.of("t", 1L));
        });
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void setAllOfWhatIsRefusedSetsNothing() {
    store().set("a", utf8("old"));
    assertThatThrownBy(() -> store().setAll(Map.of("a", utf8("1"), "", utf8("2"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key");
    assertThatThrownBy(
            () ->
                store()
                    .setAll(
                        Map.of("a", utf8("1"), "b", utf8("2")), SetOptions.tags("t".repeat(2000))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tag");
    assertThat(store().keys("")).containsExactly("a");
    assertThat(text(store(), "a")).contains("old");
  }

  @Test
  @Requires(Capability.TRANSACTIONS)
  default void setAllOfNothingWritesNothing() {
    long last = store().set("a", utf8("v"));
    long number = store().setAll(Map.of());
    assertThat(number)
        .isEqualTo(changesPassTheBuffer() ? 0 : last); // What is on the server counts.
    assertThat(store().stats().sequence()).isEqualTo(last);
  }

  @Test
  default void anotherNamespaceIsAHandleOfItsOwn() {
    KeyValueStore other = store().namespace("a & b/\u00e4?");
    other.set("k", utf8("there"));
    store().set("k", utf8("here"));
    store().namespace("a & b/\u00e4?").close();

    assertThat(text(other, "k")).contains("there");
    assertThat(text(store().namespace("default"), "k")).contains("here");
    assertThat(other.name()).isEqualTo(store().name());
    assertThat(other.url()).endsWith("namespace=a%20%26%20b%2F%C3%A4%3F");
    assertThat(text(other.namespace("default"), "k")).contains("here");
    other.close();
    assertThatThrownBy(() -> other.get("k")).isInstanceOf(IllegalStateException.class);
    assertThat(text(store(), "k")).contains("here");
  }

  @Test
  default void aNamespaceOutlivesTheHandleItCameFrom() {
    KeyValueStore other = store().namespace("other");
    store().close();
    other.set("k", utf8("v"));

    assertThat(text(other, "k")).contains("v");
    assertThatThrownBy(() -> store().namespace("third")).isInstanceOf(IllegalStateException.class);
    assertThat(text(other.namespace("other"), "k")).contains("v");
  }

  @Test
  default void aNamespaceHasAName() {
    assertThatThrownBy(() -> store().namespace("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().namespace("n".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("255");
  }

  @Test
  @Requires(Capability.PERSISTENCE)
  default void aNamespaceGoesOnWhenTheProcessHasBeenRestarted() {
    KeyValueStore other = store().namespace("other");
    other.set("k", utf8("v"));
    harness().reopen();

    assertThat(text(other, "k")).contains("v");
    assertThat(store().get("k")).isEqualTo(Optional.empty());
  }
}
