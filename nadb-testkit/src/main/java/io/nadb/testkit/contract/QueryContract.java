package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
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
import java.util.List;
import java.util.Random;
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
          store().set("late", utf8("7"), SetOptions.ttl(ofSeconds(1000)));
          store().set("soon", utf8("8"), SetOptions.ttl(ofSeconds(100)));
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
          expectKeys(query.expiringBefore(start.plusSeconds(500)), "soon");
          expectKeys(query.expiringBefore(Instant.MAX), "late", "soon");
          expectKeys(query.expiringSince(start.plusSeconds(500)), "late");
          expectKeys(query.updatedSince(Instant.MIN).prefix("b"), "b:1", "b:2");
          expectKeys(query.updatedSince(Instant.MAX));
          pass(ofSeconds(100));
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
  default void aQueryRefusesWhatCanFindNothing() {
    Query query = store().query();
    expectRefused("the tag is empty", () -> query.allTags(""));
    expectRefused("no tag is given; 'any' wants one or more", query::anyTags);
    expectRefused("the range from 'b' to 'a' ends before it begins", () -> query.range("b", "a"));
    expectRefused(
        "no value has between 3 and 2 bytes; the first must be 0 or more, and the second not less",
        () -> query.sizeBetween(3, 2));
    expectRefused(
        "no value has between -1 and 2 bytes; the first must be 0 or more, and the second not less",
        () -> query.sizeBetween(-1, 2));
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
            assertThat(PageContract.paged(asked.query(), 1 + random.nextInt(9)))
                .isEqualTo(expected);
          }
        });
  }
}
