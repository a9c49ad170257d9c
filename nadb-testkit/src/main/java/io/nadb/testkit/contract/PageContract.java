package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.Query;
import io.nadb.Query.Order;
import io.nadb.QueryPage;
import io.nadb.SetOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The answer to a query, page by page, and as a stream. */
interface PageContract extends Fixture {

  /** Goes from page to page; returns the keys. */
  static List<String> paged(Query query, int limit) {
    List<String> keys = new ArrayList<>();
    String cursor = null;
    do {
      QueryPage<EntryMetadata> page = query.limit(limit).after(cursor).page();
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
      page.entries().forEach(entry -> keys.add(entry.key()));
      cursor = page.cursor();
      assertThat(cursor == null || cursor.matches("[A-Za-z0-9_-]+")).as(cursor).isTrue();
      assertThat(cursor == null || page.entries().size() == limit).isTrue();
    } while (cursor != null);
    return keys;
  }

  @Test
  @Requires(Capability.TAGS)
  default void pagesFollowEachOther() {
    wherever(
        place -> {
          List<String> keys = IntStream.range(10, 31).mapToObj(i -> "k\u20ac" + i).toList();
          for (String key : keys) {
            store().set(key, utf8("v"), SetOptions.tags("t"));
          }
          store().set("other", utf8("v"));
          place.settle(this);

          Query query = store().query().allTags("t");
          for (int limit : new int[] {1, 2, 7, 20, 21, 22}) {
            assertThat(paged(query, limit)).as("by %d", limit).isEqualTo(keys);
          }
          String cursor = query.limit(3).page().cursor();
          assertThat(query.after(cursor).keys()).isEqualTo(keys.subList(3, 21));
          assertThat(query.after(cursor).limit(2).keys()).isEqualTo(keys.subList(3, 5));
          assertThat(query.after(cursor).count()).isEqualTo(21);
          assertThat(query.limit(5).count()).isEqualTo(21);
          try (Stream<EntryMetadata> stream = query.after(cursor).limit(4).stream()) {
            assertThat(stream.map(EntryMetadata::key)).isEqualTo(keys.subList(3, 7));
          }
        });
  }

  /** Between a key and the same one with a NUL behind it there is no other. */
  @Test
  @Requires({Capability.TAGS, Capability.QUERIES})
  default void aPageEndsBetweenKeysThatLieNextToEachOther() {
    wherever(
        place -> {
          List<String> keys = List.of("a", "a\0", "a\0\0", "a\0\1", "a\1", "a\1\0", "b");
          for (String key : keys) {
            store().set(key, utf8("v"), SetOptions.tags("t"));
          }
          place.settle(this);
          List<String> reversed = new ArrayList<>(keys);
          Collections.reverse(reversed);
          for (Query query : List.of(store().query(), store().query().allTags("t"))) {
            for (int limit : new int[] {1, 2, 3}) {
              assertThat(paged(query, limit)).as("%s by %d", query, limit).isEqualTo(keys);
              assertThat(paged(query.orderByDescending(Order.KEY), limit))
                  .as("%s from the end by %d", query, limit)
                  .isEqualTo(reversed);
            }
          }
        });
  }

  @Test
  @Requires({Capability.TAGS, Capability.QUERIES})
  default void pagesFollowEachOtherInAnyOrder() {
    wherever(
        place -> {
          Random random = new Random(7);
          for (int i = 0; i < 25; i++) {
            store().set("k" + i, utf8("v".repeat(random.nextInt(5))), SetOptions.tags("t"));
            pass(ofSeconds(random.nextInt(2)));
          }
          place.settle(this);
          for (Order order : Order.values()) {
            for (Query query :
                List.of(store().query().orderBy(order), store().query().orderByDescending(order))) {
              List<String> all = query.keys();
              assertThat(all).hasSize(25).doesNotHaveDuplicates();
              assertThat(paged(query, 4)).as(query.toString()).isEqualTo(all);
            }
          }
        });
  }

  /** The keys at the cursor are deleted, others come and are set anew, all while somebody pages. */
  @Test
  default void nothingIsSkippedOrMetTwiceWhileOthersWrite() {
    for (int i = 100; i < 160; i++) {
      store().set("k" + i, utf8("v"));
    }
    List<String> met = new ArrayList<>();
    String cursor = null;
    int round = 0;
    do {
      QueryPage<EntryMetadata> page = store().query().limit(7).after(cursor).page();
      page.entries().forEach(entry -> met.add(entry.key()));
      cursor = page.cursor();
      for (EntryMetadata entry : page.entries()) {
        if (entry.key().endsWith("4") || entry.key().equals(met.get(met.size() - 1))) {
          store().delete(entry.key()); // Behind, the one at the cursor among them.
        } else {
          store().set(entry.key(), utf8("again"));
        }
      }
      store().set("a" + round, utf8("before"));
      store().set("k" + (158 - round) + "x", utf8("ahead, and so met"));
      if (round++ % 2 == 0) {
        store().flush();
      }
    } while (cursor != null);

    assertThat(met).doesNotHaveDuplicates().isSortedAccordingTo(KeyOrder.INSTANCE);
    for (int i = 100; i < 160; i++) {
      assertThat(met).contains("k" + i);
    }
    assertThat(met).noneMatch(key -> key.startsWith("a")).contains("k158x");
  }

  @Test
  default void valuesComeIfTheyAreWanted() {
    wherever(
        place -> {
          for (int i = 100; i < 400; i++) {
            store().set("k" + i, utf8("v" + i));
          }
          place.settle(this);
          assertThat(store().query().range("k101", "k104").pageWithValues().entries())
              .extracting(entry -> text(entry.value()))
              .containsExactly("v101", "v102", "v103");
          try (Stream<String> values =
              store().query().streamWithValues().map(entry -> text(entry.value()))) {
            assertThat(values).isEqualTo(IntStream.range(100, 400).mapToObj(i -> "v" + i).toList());
          }
        });
  }

  @Test
  @Requires(Capability.SNAPSHOTS)
  default void aStreamShowsOneMomentAndIsASnapshotUntilItEnds() {
    wherever(
        place -> {
          for (int i = 1000; i < 1600; i++) {
            store().set("k" + i, utf8("v"));
          }
          place.settle(this);
          try (Stream<EntryMetadata> closed = store().query().stream();
              Stream<EntryMetadata> consumed = store().query().stream()) {
            assertThat(store().stats().openSnapshots()).isEqualTo(2);
            heal();
            store().clear();
            assertThat(consumed.count()).isEqualTo(600);
            assertThat(store().stats().openSnapshots()).isEqualTo(1);
            assertThat(closed.limit(300)).hasSize(300);
          }
          assertThat(store().stats().openSnapshots()).isZero();
        });
  }

  @Test
  default void aCursorBelongsToItsQuestion() {
    Fixture.setAll(store(), "a", "b", "c");
    Query query = store().query();
    String cursor = Objects.requireNonNull(query.limit(1).page().cursor());

    assertThat(query.after(cursor).keys()).containsExactly("b", "c");
    assertThat(query.after(cursor).after(null).keys()).containsExactly("a", "b", "c");
    for (Query other :
        List.of(
            query.prefix("a"),
            query.range("a", null),
            query.sizeBetween(0, 1),
            query.updatedSince(Instant.EPOCH))) {
      assertThatThrownBy(() -> other.after(cursor).page())
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the cursor '")
          .hasMessageContaining("it is of another question");
    }
    for (String broken :
        List.of(
            "",
            "x",
            "no cursor!",
            cursor + "A",
            cursor.substring(1),
            cursor.toUpperCase(Locale.ROOT))) {
      assertThatThrownBy(() -> query.after(broken))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("it is no cursor, or was changed or cut off");
    }
  }
}
