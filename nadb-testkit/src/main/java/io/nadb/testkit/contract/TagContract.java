package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.setAll;
import static io.nadb.testkit.contract.Fixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries that have tags. */
interface TagContract extends Fixture {

  /** A query wants all of its tags, and its hits come in key order. */
  @Test
  @Requires(Capability.TAGS)
  default void aQueryWantsAllItsTags() {
    wherever(
        (store, settle) -> {
          store.set("b", utf8("v"), SetOptions.tags("x", "y"));
          store.set("c", utf8("v"), SetOptions.tags("y"));
          store.set("a", utf8("v"), SetOptions.tags("z", "y", "x"));
          setAll(store, "d");
          settle.run();

          assertThat(hits(store, "y")).containsExactly("a", "b", "c");
          assertThat(hits(store, "x", "y")).containsExactly("a", "b");
          assertThat(hits(store, "x", "none")).isEmpty();
          assertThat(store.tags()).containsExactly(entry("x", 2L), entry("y", 3L), entry("z", 1L));
          assertThat(store.metadata("a").orElseThrow().tags()).containsExactly("x", "y", "z");
        });
  }

  /** Other tags, no tags, deletion: each changes what is found. */
  @Test
  @Requires(Capability.TAGS)
  default void whatChangesIsNoLongerFound() {
    wherever(
        (store, settle) -> {
          for (String key : List.of("deleted", "kept", "retagged", "untagged")) {
            store.set(key, utf8("v"), SetOptions.tags("t"));
          }
          settle.run();
          store.delete("deleted");
          store.set("retagged", utf8("w"), SetOptions.tags("u"));
          setAll(store, "untagged");
          settle.run();

          assertThat(hits(store, "t")).containsExactly("kept");
          assertThat(hits(store, "u")).containsExactly("retagged");
          assertThat(store.tags()).containsExactly(entry("t", 1L), entry("u", 1L));
        });
  }

  /** Tags that are kept stay. */
  @Test
  @Requires(Capability.TAGS)
  default void keptTagsStay() {
    wherever(
        (store, settle) -> {
          store.set("k", utf8("v"), SetOptions.tags("a", "b"));
          settle.run();
          store.set("k", utf8("w"), SetOptions.none().keepingTags());
          settle.run();

          assertThat(hits(store, "a", "b")).containsExactly("k");
        });
  }

  /** Any text is a tag. */
  @Test
  @Requires(Capability.TAGS)
  default void anyTextIsATag() {
    List<String> tags = List.of(" ", "%", "'", "a,b", "a:b", "ä", "😀");
    wherever(
        (store, settle) -> {
          tags.forEach(tag -> store.set("key of " + tag, utf8("v"), SetOptions.tags(tag)));
          settle.run();

          tags.forEach(tag -> assertThat(hits(store, tag)).containsExactly("key of " + tag));
        });
  }

  private static List<String> hits(KeyValueStore store, String... tags) {
    return store.queryByTags(tags).stream().map(EntryMetadata::key).toList();
  }
}
