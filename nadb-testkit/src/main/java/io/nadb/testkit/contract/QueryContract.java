package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyOrder;
import io.nadb.KeyValueStore;
import io.nadb.Query;
import io.nadb.Query.Order;
import io.nadb.QueryPage;
import io.nadb.QueryPlan;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.TagFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Queries: what they find, in which order, and page by page. */
interface QueryContract extends Fixture {

  /** Sets some entries, with one second between any two. */
  private void fill() {
    store().set("a:1", utf8("1"), SetOptions.tags("red", "big"));
    pass(ofSeconds(1));
    store().set("a:2", utf8("22"), SetOptions.tags("red"));
    pass(ofSeconds(1));
    store().set("b:1", utf8("333"), SetOptions.tags("blue", "big"));
    pass(ofSeconds(1));
    store().set("b:2", utf8("4444"));
    pass(ofSeconds(1));
    store().set("a:1", utf8("55555"), SetOptions.tags("red", "big"));
    store().set("gone", utf8("6"), SetOptions.tags("red"));
    store().delete("gone");
  }

  private static void expectKeys(Query query, String... keys) {
    assertThat(query.keys()).containsExactly(keys);
    assertThat(query.page().entries()).extracting(EntryMetadata::key).containsExactly(keys);
    assertThat(query.page().cursor()).isNull();
    try (Stream<EntryMetadata> stream = query.stream()) {
      assertThat(stream.map(EntryMetadata::key)).containsExactly(keys);
    }
    assertThat(query.count()).isEqualTo(keys.length);
    assertThat(query.explain().hits()).isEqualTo(keys.length);
  }

  @Test
  @Requires(Capability.TAGS)
  default void aQueryFindsByTagsAndKeys() {
    wherever(
        place -> {
          fill();
          place.settle(this);
          Query query = store().query();

          expectKeys(query, "a:1", "a:2", "b:1", "b:2");
          expectKeys(query.allTags("red"), "a:1", "a:2");
          expectKeys(query.allTags("red", "big"), "a:1");
          expectKeys(query.allTags("red").allTags("big"), "a:1");
          expectKeys(query.allTags("red").noneTags("big"), "a:2");
          expectKeys(query.allTags("red", "blue"));
          expectKeys(query.allTags("unknown"));
          expectKeys(query.prefix("a:"), "a:1", "a:2");
          expectKeys(query.prefix("a:").prefix("a"), "a:1", "a:2");
          expectKeys(query.prefix("a").prefix("a:2"), "a:2");
          expectKeys(query.prefix("a").prefix("b"));
          expectKeys(query.prefix("b").noneTags("big"), "b:2");
          expectKeys(query.range("a:2", "b:2"), "a:2", "b:1");
          expectKeys(query.range("a:2", null).range(null, "b:2"), "a:2", "b:1");
          expectKeys(query.range("a:2", "b").prefix("a:"), "a:2");
          expectKeys(query.range("a", "a"));
          expectKeys(query.allTags("big").range("a:2", null), "b:1");
        });
  }

  @Test
  @Requires({Capability.TAGS, Capability.TTL})
  default void aQueryFindsBySizesAndTimes() {
    wherever(
        place -> {
          Instant start = now();
          fill();
          store().set("late", utf8("7"), SetOptions.ttl(ofSeconds(100)));
          store().set("soon", utf8("8"), SetOptions.ttl(ofSeconds(10)));
          store().set("past", utf8("9"), SetOptions.ttl(ofSeconds(1)));
          pass(ofSeconds(2));
          place.settle(this);
          Query query = store().query();

          expectKeys(query.sizeBetween(2, 3), "a:2", "b:1");
          expectKeys(query.sizeBetween(2, 9).sizeBetween(0, 4), "a:2", "b:1", "b:2");
          expectKeys(query.createdBefore(start.plusSeconds(1)), "a:1");
          expectKeys(query.createdSince(start.plusSeconds(1)), "a:2", "b:1", "b:2", "late", "soon");
          expectKeys(query.createdSince(start.plusSeconds(1).plusNanos(1)).prefix("a"));
          expectKeys(query.updatedSince(start.plusSeconds(3)).prefix("a"), "a:1");
          expectKeys(query.updatedBefore(start.plusSeconds(3)), "a:2", "b:1");
          expectKeys(query.expiringBefore(start.plusSeconds(50)), "soon");
          expectKeys(query.expiringBefore(Instant.MAX), "late", "soon");
          expectKeys(query.expiringSince(start.plusSeconds(50)), "late");
          expectKeys(query.updatedSince(Instant.MIN).prefix("b"), "b:1", "b:2");
          expectKeys(query.updatedSince(Instant.MAX));
          pass(ofSeconds(10));
          expectKeys(query.expiringBefore(Instant.MAX), "late");
        });
  }

  @Test
  @Requires({Capability.TAGS, Capability.QUERIES})
  default void tagsMayBeJoinedInAnyWay() {
    wherever(
        place -> {
          fill();
          place.settle(this);
          Query query = store().query();

          expectKeys(query.anyTags("red", "big"), "a:1", "a:2", "b:1");
          expectKeys(query.noneTags("red", "blue"), "b:2");
          TagFilter bigButNotRed = TagFilter.all("big").and(TagFilter.none("red"));
          expectKeys(query.tags(bigButNotRed), "b:1");
          expectKeys(query.tags(bigButNotRed.or(TagFilter.none("big"))), "a:2", "b:1", "b:2");
          expectKeys(query.tags(bigButNotRed.negate()).anyTags("red"), "a:1", "a:2");
        });
  }

  @Test
  @Requires({Capability.TAGS, Capability.QUERIES})
  default void anAnswerMayComeInAnyOrder() {
    wherever(
        place -> {
          fill();
          place.settle(this);
          Query query = store().query();

          expectKeys(query.orderByDescending(Order.KEY), "b:2", "b:1", "a:2", "a:1");
          expectKeys(query.orderByDescending(Order.KEY).range("a:2", "b:2"), "b:1", "a:2");
          expectKeys(query.orderByDescending(Order.KEY).prefix("a"), "a:2", "a:1");
          expectKeys(query.orderBy(Order.UPDATED), "a:2", "b:1", "b:2", "a:1");
          expectKeys(query.orderByDescending(Order.UPDATED).allTags("big"), "a:1", "b:1");
          expectKeys(query.orderBy(Order.SIZE), "a:2", "b:1", "b:2", "a:1");
          expectKeys(
              query.orderByDescending(Order.SIZE).orderBy(Order.KEY).prefix("b"), "b:1", "b:2");
        });
  }

  /** What a server can't answer well. */
  @Test
  @Requires(Capability.TAGS)
  default void whatWouldHaveAServerSendAllIsRefused() {
    if (can(Capability.QUERIES)) {
      assertThat(store().capabilities()).contains(StoreCapability.QUERIES);
      return;
    }
    assertThat(store().capabilities()).doesNotContain(StoreCapability.QUERIES);
    for (Query refused :
        List.of(
            store().query().anyTags("a", "b"),
            store().query().noneTags("a"),
            store().query().orderBy(Order.SIZE),
            store().query().orderByDescending(Order.KEY))) {
      assertThatThrownBy(refused::count)
          .isExactlyInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("use nadb:fs: or nadb:mem:");
      assertThatThrownBy(refused::stream).isExactlyInstanceOf(UnsupportedOperationException.class);
    }
  }

  /** Goes from page to page; returns the keys. */
  private static List<String> paged(Query query, int limit) {
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
  @Requires({Capability.SNAPSHOTS, Capability.TAGS, Capability.TTL, Capability.QUERIES})
  default void aSnapshotIsQueriedAsOfItsMoment() {
    wherever(
        place -> {
          fill();
          store().set("ttl", utf8("v"), SetOptions.ttl(ofSeconds(5)).withTags("red"));
          place.settle(this);
          Query query;
          try (Snapshot snapshot = store().snapshot()) {
            heal();
            query = snapshot.query();
            QueryPage<EntryMetadata> first = query.limit(2).page();
            store().set("a:2", utf8("later"), SetOptions.tags("blue"));
            store().delete("b:1");
            store().set("c", utf8("later"), SetOptions.tags("red", "big"));
            store().touch("ttl", ofSeconds(100));
            store().flush();
            pass(ofSeconds(10));
            store().cleanupExpired();

            expectKeys(query, "a:1", "a:2", "b:1", "b:2", "ttl");
            expectKeys(query.anyTags("red", "blue"), "a:1", "a:2", "b:1", "ttl");
            expectKeys(query.orderByDescending(Order.KEY).anyTags("big"), "b:1", "a:1");
            expectKeys(query.orderBy(Order.SIZE).noneTags("blue"), "ttl", "a:2", "b:2", "a:1");
            assertThat(query.after(first.cursor()).keys()).containsExactly("b:1", "b:2", "ttl");
            assertThat(query.prefix("a:2").pageWithValues().entries())
                .extracting(entry -> text(entry.value()))
                .containsExactly("22");
          }
          assertThatThrownBy(query::count).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(query::stream).isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  default void aQueryIsOfItsNamespaceAlone() {
    store().set("k", utf8("here"));
    Query query;
    try (KeyValueStore other = store().namespace("other")) {
      other.set("k", utf8("there"));
      other.set("l", utf8("there"));
      query = other.query();
      assertThat(query.keys()).containsExactly("k", "l");
      assertThat(store().query().keys()).containsExactly("k");
      String cursor = query.limit(1).page().cursor();
      assertThatThrownBy(() -> store().query().after(cursor).keys())
          .isExactlyInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(query::keys).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(query::stream).isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void aCursorBelongsToItsQuestion() {
    Fixture.setAll(store(), "a", "b", "c");
    Query query = store().query();
    String cursor = query.limit(1).page().cursor();

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
        List.of("", "x", "no cursor!", cursor + "A", cursor.substring(1), cursor.toUpperCase())) {
      assertThatThrownBy(() -> query.after(broken))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("it is no cursor, or was changed or cut off");
    }
  }

  @Test
  default void aQueryRefusesWhatCanFindNothing() {
    Query query = store().query();
    expectRefused("the tag is empty", () -> query.allTags(""));
    expectRefused("no tag is given; 'any' wants one or more", query::anyTags);
    expectRefused("the range from 'b' to 'a' ends before it begins", () -> query.range("b", "a"));
    expectRefused(
        "no value has between 3 and 2 bytes; the first must be 0 or more, and the second not less",
        () -> query.sizeBetween(3, 2));
    expectRefused("a limit of 0 entries; at least one must be wanted", () -> query.limit(0));
    expectRefused(
        "the prefix 'a\ud800' has an unpaired surrogate at index 1, which no encoding can keep",
        () -> query.prefix("a\ud800"));
    assertThatThrownBy(() -> query.tags(BadInputContract.nothing()))
        .isExactlyInstanceOf(NullPointerException.class);
  }

  private static void expectRefused(String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  @Requires(Capability.TAGS)
  default void anExplanationTellsWhatWasRead() {
    fill();
    store().flush();
    store().set("a:3", utf8("v"), SetOptions.tags("red"));

    QueryPlan plan = store().query().allTags("red").explain();
    assertThat(plan.hits()).isEqualTo(3);
    assertThat(plan.lists()).containsKey("tag 'red'");
    assertThat(plan.recordsRead()).isBetween(1L, 10L);
    assertThat(plan.bufferedRead()).isBetween(can(Capability.BUFFER) ? 1L : 0L, 1L);
    assertThat(plan.toString()).startsWith("3 entries found, by tag 'red' (");
  }

  /** Whatever is asked, the answer is that of a plain look at each entry. */
  @Test
  @Requires({Capability.TAGS, Capability.TTL, Capability.QUERIES})
  default void aQueryAnswersAsAPlainLookAtEachEntryDoes() {
    Random random = new Random(harness().seed());
    whereverItIsSound(
        place -> {
          for (int i = 0; i < 150; i++) {
            RandomQuery.write(store(), random);
            pass(ofSeconds(random.nextInt(2)));
            if (i == 100) {
              place.settle(this);
            }
          }
          List<EntryMetadata> all =
              store().keys("").stream().map(key -> store().metadata(key).orElseThrow()).toList();
          for (int i = 0; i < 60; i++) {
            RandomQuery asked = RandomQuery.next(store().query(), random, now());
            List<String> expected =
                all.stream()
                    .filter(asked.matches())
                    .sorted(asked.order())
                    .map(EntryMetadata::key)
                    .toList();
            assertThat(asked.query().keys()).as(asked.query().toString()).isEqualTo(expected);
            assertThat(asked.query().count()).isEqualTo(expected.size());
            assertThat(paged(asked.query(), 1 + random.nextInt(9))).isEqualTo(expected);
          }
        });
  }
}
