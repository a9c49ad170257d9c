package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code keys(prefix)}: in code point order, taken literally. */
interface ListingContract extends Fixture {

  /** In code point order; in the order of Java's chars, the emoji would come before U+FFFF. */
  List<String> ORDERED =
      List.of(
          "\0",
          "\0a",
          " ",
          "%",
          "%a",
          "*",
          "A",
          "Z",
          "_",
          "_a",
          "a",
          "a\0",
          "a\0b",
          "a%",
          "a%b",
          "a*",
          "a?b",
          "a[b]",
          "a_",
          "a_b",
          "aa",
          "axb",
          "b",
          "\u00e4",
          "\ud7ff",
          "\ue000",
          "\uffff",
          "\ud83d\ude00",
          "\ud83d\ude00a",
          "\udbff\udfff");

  @Test
  default void keysComeInCodePointOrder() {
    wherever(
        place -> {
          fill(store());
          place.settle(this);

          assertThat(store().keys("")).isEqualTo(ORDERED);
        });
  }

  @Test
  default void aPrefixIsTakenLiterally() {
    wherever(
        place -> {
          fill(store());
          place.settle(this);

          List<String> prefixes = new ArrayList<>(ORDERED);
          prefixes.addAll(List.of("a%_", "\\", "a\\", "zz", "a\uffff"));
          for (String prefix : prefixes) {
            assertThat(store().keys(prefix))
                .as("keys(%s)", prefix)
                .isEqualTo(ORDERED.stream().filter(key -> key.startsWith(prefix)).toList());
          }
        });
  }

  @Test
  @Requires(Capability.BUFFER)
  default void bufferedAndFlushedKeysAreListedAsOne() {
    for (int i = 0; i < ORDERED.size(); i++) {
      store().set(ORDERED.get(i), utf8("v"));
      if (i % 3 == 0) {
        store().flush();
      }
      if (i == 20) {
        Place.SEALED.settle(this);
        heal();
      }
    }
    assertThat(store().keys("")).isEqualTo(ORDERED);
    assertThat(store().keys("a").get(0)).isEqualTo("a");
  }

  @Test
  default void deletedKeysAreNotListedAndOverwrittenOnesOnce() {
    wherever(
        place -> {
          store().set("a", utf8("v"));
          store().set("b", utf8("v"));
          store().set("c", utf8("v"));
          store().flush();
          store().delete("b");
          store().set("a", utf8("w"));
          store().set("d", utf8("v"));
          place.settle(this);

          assertThat(store().keys("")).containsExactly("a", "c", "d");
          store().set("b", utf8("again"));
          store().delete("d");
          assertThat(store().keys("")).containsExactly("a", "b", "c");
        });
  }

  @Test
  default void aListingCannotBeChangedAndDoesNotChange() {
    store().set("a", utf8("v"));
    List<String> keys = store().keys("");
    store().set("b", utf8("v"));

    assertThat(keys).containsExactly("a");
    assertThatThrownBy(() -> keys.add("x")).isInstanceOf(UnsupportedOperationException.class);
  }

  private static void fill(KeyValueStore store) {
    List<String> shuffled = new ArrayList<>(ORDERED);
    Collections.shuffle(shuffled, new java.util.Random(1));
    shuffled.forEach(key -> store.set(key, utf8(key)));
  }

  @Test
  @Requires(Capability.TAGS)
  default void whatIsAnsweredCanNotBeChanged() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("t"));
          place.settle(this);

          assertThat(store().keys("")).isUnmodifiable();
          assertThat(store().queryByTags("t")).isUnmodifiable();
          assertThat(store().tags()).isUnmodifiable();
          assertThat(store().metadata("k").orElseThrow().tags()).isUnmodifiable();
        });
  }
}
