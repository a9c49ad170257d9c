package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tags, queries by them and their counts. */
interface TagContract extends Fixture {

  @Test
  @Requires(Capability.TAGS)
  default void aQueryWantsAllTags() {
    wherever(
        place -> {
          store().set("ab", utf8("v"), SetOptions.tags("a", "b"));
          store().set("a", utf8("v"), SetOptions.tags("a"));
          store().set("abc", utf8("v"), SetOptions.tags("c", "b", "a"));
          store().set("none", utf8("v"));
          place.settle(this);

          expectHits(List.of("a", "ab", "abc"), "a");
          expectHits(List.of("ab", "abc"), "b", "a");
          expectHits(List.of("abc"), "a", "b", "c");
          expectHits(List.of("ab", "abc"), "b", "b", "a");
          expectHits(List.of(), "a", "d");
          expectHits(List.of(), "A");
          assertThat(store().tags())
              .containsExactly(entry("a", 3L), entry("b", 2L), entry("c", 1L));
        });
  }

  /** A character beyond the basic plane is two surrogates, which UTF-16 puts before U+FF5E. */
  @Test
  @Requires(Capability.TAGS)
  default void tagsHaveOneOrderThatOfCodePoints() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("\ud83d\ude00", "\uff5e", "a"));
          place.settle(this);

          assertThat(store().tags().keySet()).containsExactly("a", "\uff5e", "\ud83d\ude00");
          EntryMetadata metadata = store().metadata("k").orElseThrow();
          assertThat(metadata.tags()).containsExactly("a", "\uff5e", "\ud83d\ude00");
          assertThat(metadata.tags().contains("\uff5e")).isTrue();
          assertThat(metadata.tags().contains("\ud83d\ude00")).isTrue();
          assertThat(store().queryByTags("a")).containsExactly(metadata);
        });
  }

  @Test
  @Requires({Capability.TTL, Capability.TAGS})
  default void aHitIsWhatMetadataTells() {
    wherever(
        place -> {
          pass(ofSeconds(3));
          store().set("k", utf8("value"), SetOptions.ttl(ofSeconds(9)).withTags("b", "a"));
          place.settle(this);

          assertThat(store().queryByTags("a")).containsExactly(store().metadata("k").orElseThrow());
          EntryMetadata hit = store().queryByTags("a").get(0);
          assertThat(hit.tags()).containsExactly("a", "b");
          assertThat(hit.size()).isEqualTo(5);
          assertThat(hit.expiresAt()).contains(now().plusSeconds(9));
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void anyTextIsATag() {
    wherever(
        place -> {
          String[] tags = {
            "a,b",
            "a",
            "b",
            " ",
            " a",
            "\t",
            "\ud83d\ude00",
            "\u00e4",
            "%",
            "_",
            "'",
            "\"",
            "\0",
            "a\0b",
            "x:y",
            "t".repeat(1024)
          };
          store().set("all", utf8("v"), SetOptions.tags(tags));
          for (int i = 0; i < tags.length; i++) {
            store().set("k" + i, utf8("v"), SetOptions.tags(tags[i]));
          }
          place.settle(this);

          for (int i = 0; i < tags.length; i++) {
            expectHits(List.of("all", "k" + i), tags[i]);
            assertThat(store().tags()).containsEntry(tags[i], 2L);
          }
          expectHits(List.of("all"), tags);
          assertThat(store().tags()).hasSize(tags.length);
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void aTagGivenTwiceCountsOnce() {
    wherever(
        place -> {
          store().set("k", utf8("v"), SetOptions.tags("t", "t"));
          place.settle(this);

          assertThat(store().metadata("k").orElseThrow().tags()).containsExactly("t");
          assertThat(store().tags()).containsExactly(entry("t", 1L));
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void aThousandTagsAreKept() {
    wherever(
        place -> {
          String[] tags = IntStream.range(0, 1000).mapToObj(i -> "tag" + i).toArray(String[]::new);
          store().set("k", utf8("v"), SetOptions.tags(tags));
          place.settle(this);

          assertThat(store().metadata("k").orElseThrow().tags()).hasSize(1000).contains(tags);
          expectHits(List.of("k"), "tag0", "tag999");
          assertThat(store().tags()).hasSize(1000);
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void queriesSeeBufferedChangesOverFlushedEntries() {
    wherever(
        place -> {
          for (String key : List.of("deleted", "kept", "retagged", "untagged")) {
            store().set(key, utf8("v"), SetOptions.tags("t"));
          }
          store().flush();
          store().delete("deleted");
          store().set("retagged", utf8("w"), SetOptions.tags("u"));
          store().set("untagged", utf8("w"));
          store().set("new", utf8("v"), SetOptions.tags("t", "u"));
          place.settle(this);

          expectHits(List.of("kept", "new"), "t");
          expectHits(List.of("new", "retagged"), "u");
          expectHits(List.of("new"), "t", "u");
          assertThat(store().tags()).containsExactly(entry("t", 2L), entry("u", 2L));

          store().set("deleted", utf8("again"), SetOptions.tags("t"));
          store().delete("new");
          expectHits(List.of("deleted", "kept"), "t");
          assertThat(store().tags()).containsExactly(entry("t", 2L), entry("u", 1L));
          heal();
          store().flush();
          expectHits(List.of("deleted", "kept"), "t");
          assertThat(store().tags()).containsExactly(entry("t", 2L), entry("u", 1L));
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void hitsComeInCodePointOrder() {
    List<String> keys = List.of("a", "\u00e4", "\uffff", "\ud83d\ude00");
    store().set(keys.get(3), utf8("v"), SetOptions.tags("t"));
    store().set(keys.get(1), utf8("v"), SetOptions.tags("t"));
    store().flush();
    store().set(keys.get(2), utf8("v"), SetOptions.tags("t"));
    store().set(keys.get(0), utf8("v"), SetOptions.tags("t"));

    expectHits(keys, "t");
  }

  @Test
  @Requires(Capability.TAGS)
  default void manyHitsComeInKeyOrderHoweverLateTheirKeysDiffer() {
    List<String> keys = new ArrayList<>();
    for (String start : List.of("same/", "same/12345678", "same/12345678\u00e4", "same/\u20ac")) {
      for (int i = 0; i < 70; i++) {
        keys.add(start + i);
      }
    }
    Collections.shuffle(keys, new Random(5));
    keys.forEach(key -> store().set(key, utf8("v"), SetOptions.tags("t")));
    store().flush();

    keys.sort(KeyOrder.INSTANCE);
    expectHits(keys, "t");
  }

  @Test
  @Requires(Capability.TAGS)
  default void tagCountsComeInCodePointOrder() {
    store().set("k", utf8("v"), SetOptions.tags("\ud83d\ude00", "b", "\uffff", "a"));
    store().flush();
    store().set("l", utf8("v"), SetOptions.tags("ab"));

    assertThat(store().tags().keySet()).containsExactly("a", "ab", "b", "\uffff", "\ud83d\ude00");
  }

  @Test
  @Requires(Capability.TAGS)
  default void hitsCannotBeChanged() {
    store().set("k", utf8("v"), SetOptions.tags("t"));
    List<EntryMetadata> hits = store().queryByTags("t");

    assertThatThrownBy(hits::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  @Requires(Capability.TAGS)
  default void aQueryWithoutTagsIsRefused() {
    assertThatThrownBy(() -> store().queryByTags())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no tag is given; queryByTags wants one or more");
  }

  private void expectHits(List<String> keys, String... tags) {
    assertThat(store().queryByTags(tags)).extracting(EntryMetadata::key).isEqualTo(keys);
  }

  @Test
  @Requires(Capability.TAGS)
  default void whatChangesIsNoLongerFound() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          for (String key : List.of("deleted", "kept", "retagged", "untagged")) {
            store.set(key, utf8("v"), SetOptions.tags("t"));
          }
          place.settle(this);
          store.delete("deleted");
          store.set("retagged", utf8("w"), SetOptions.tags("u"));
          setAll(store, "untagged");
          place.settle(this);

          assertThat(hits(store, "t")).containsExactly("kept");
          assertThat(hits(store, "u")).containsExactly("retagged");
          assertThat(store.tags()).containsExactly(entry("t", 1L), entry("u", 1L));
        });
  }

  @Test
  @Requires(Capability.TAGS)
  default void keptTagsStay() {
    whereverItIsSound(
        place -> {
          KeyValueStore store = store();
          store.set("k", utf8("v"), SetOptions.tags("a", "b"));
          place.settle(this);
          store.set("k", utf8("w"), SetOptions.none().keepingTags());
          place.settle(this);

          assertThat(hits(store, "a", "b")).containsExactly("k");
        });
  }

  private static List<String> hits(KeyValueStore store, String... tags) {
    return store.queryByTags(tags).stream().map(EntryMetadata::key).toList();
  }
}
