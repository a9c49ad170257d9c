package io.nadb.testkit.contract;

import static io.nadb.testkit.contract.Fixture.text;
import static io.nadb.testkit.contract.Fixture.utf8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A snapshot answers as of its moment, whatever is done with the store. */
interface SnapshotContract extends Fixture {

  /** Sets entries of all kinds. */
  private void fill() {
    store().set("a", utf8("1"), SetOptions.tags("t", "u"));
    store().set("b", utf8("2"), SetOptions.ttl(ofSeconds(10)).withTags("t"));
    store().set("c", utf8("3"));
    store().set("gone", utf8("4"));
    store().delete("gone");
  }

  private static void expectAsFilled(Snapshot snapshot) {
    assertThat(snapshot.keys("")).containsExactly("a", "b", "c");
    assertThat(snapshot.keys("b")).containsExactly("b");
    assertThat(snapshot.size()).isEqualTo(3);
    assertThat(snapshot.tags()).isEqualTo(Map.of("t", 2L, "u", 1L));
    assertThat(snapshot.queryByTags("t")).extracting(EntryMetadata::key).containsExactly("a", "b");
    assertThat(snapshot.queryByTags("t", "u")).hasSize(1);
    assertThat(snapshot.queryByTags("late")).isEmpty();
    assertThat(snapshot.get("a").map(Fixture::text)).contains("1");
    assertThat(snapshot.contains("b")).isTrue();
    assertThat(snapshot.metadata("b").orElseThrow().tags()).containsExactly("t");
    assertThat(snapshot.entry("c").map(entry -> text(entry.value()))).contains("3");
    assertThat(snapshot.getAll(List.of("c", "gone", "a", "late")).keySet())
        .containsExactly("c", "a");
    for (String absent : List.of("gone", "late")) {
      assertThat(snapshot.get(absent)).isEmpty();
      assertThat(snapshot.contains(absent)).isFalse();
      assertThat(snapshot.metadata(absent)).isEmpty();
      assertThat(snapshot.entry(absent)).isEmpty();
    }
  }

  /** All that may be done to entries. */
  private List<Runnable> changes() {
    KeyValueStore store = store();
    return List.of(
        () -> store.set("a", utf8("later"), SetOptions.tags("late")),
        () -> store.set("late", utf8("later"), SetOptions.tags("t")),
        () -> store.delete("c"),
        () -> store.touch("b", ofMinutes(1)),
        () -> store.touch("a", ofMinutes(1)),
        () -> store.increment("c", 7),
        () -> store.setAll(Map.of("gone", utf8("back"), "b", utf8("later"))),
        store::flush,
        () -> store.delete("b"),
        () -> pass(ofMinutes(2)),
        store::cleanupExpired,
        store::clear,
        () -> store.set("a", utf8("again"), SetOptions.tags("u")),
        store::flush);
  }

  @Test
  @Requires({Capability.SNAPSHOTS, Capability.TTL, Capability.TAGS})
  default void aSnapshotAnswersAsOfItsMomentWhateverIsDone() {
    wherever(
        place -> {
          fill();
          place.settle(this);
          try (Snapshot snapshot = store().snapshot()) {
            long sequence = store().stats().sequence();
            expectAsFilled(snapshot);
            heal();
            for (Runnable change : changes()) {
              change.run();
              expectAsFilled(snapshot);
            }
            assertThat(snapshot.sequence()).isEqualTo(sequence);
            assertThat(text(store(), "a")).contains("again");
          }
        });
  }

  @Test
  @Requires({Capability.SNAPSHOTS, Capability.TTL, Capability.TAGS})
  default void snapshotsOfManyMomentsEachAnswerAsOfTheirOwn() {
    fill();
    List<Snapshot> snapshots = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    for (Runnable change : changes()) {
      change.run();
      Snapshot snapshot = store().snapshot();
      snapshots.add(snapshot);
      answers.add(all(snapshot));
      for (int i = 0; i < snapshots.size(); i++) {
        assertThat(all(snapshots.get(i))).as("of the moment %d", i).isEqualTo(answers.get(i));
      }
    }
    for (int i = 0; i < snapshots.size(); i += 2) { // Some go, and the others know nothing of it.
      snapshots.get(i).close();
    }
    for (int i = 1; i < snapshots.size(); i += 2) {
      assertThat(all(snapshots.get(i))).isEqualTo(answers.get(i));
      snapshots.get(i).close();
    }
  }

  /** All that a snapshot holds, as text. */
  private static String all(Snapshot snapshot) {
    StringBuilder all = new StringBuilder().append(snapshot.tags()).append(snapshot.size());
    for (String key : snapshot.keys("")) {
      all.append('\n').append(snapshot.metadata(key)).append(text(snapshot.get(key).orElseThrow()));
    }
    return all.toString();
  }

  @Test
  @Requires({Capability.SNAPSHOTS, Capability.TTL})
  default void whatHadExpiredIsNotThereAndWhatExpiresLaterIs() {
    wherever(
        place -> {
          store().set("a", utf8("1"), SetOptions.ttl(ofSeconds(1)));
          store().set("b", utf8("2"), SetOptions.ttl(ofSeconds(2)));
          place.settle(this);
          pass(ofSeconds(1));
          try (Snapshot snapshot = store().snapshot()) {
            assertThat(snapshot.time()).isEqualTo(now());
            pass(ofMinutes(1));
            heal();
            store().cleanupExpired();
            assertThat(snapshot.keys("")).containsExactly("b");
            assertThat(snapshot.get("a")).isEmpty();
            assertThat(snapshot.get("b").map(Fixture::text)).contains("2");
            assertThat(snapshot.size()).isEqualTo(1);
          }
          assertThat(store().keys("")).isEmpty();
        });
  }

  @Test
  @Requires(Capability.SNAPSHOTS)
  default void aSnapshotIsOfAllNamespacesOfTheLocation() {
    KeyValueStore other = namespace("other");
    store().set("k", utf8("here"));
    other.set("k", utf8("there"));
    try (Snapshot snapshot = store().snapshot()) {
      other.set("k", utf8("later"));
      other.set("l", utf8("later"));
      Snapshot there = snapshot.namespace("other");
      assertThat(there.get("k").map(Fixture::text)).contains("there");
      assertThat(there.keys("")).containsExactly("k");
      assertThat(there.sequence()).isEqualTo(snapshot.sequence());
      assertThat(snapshot.get("k").map(Fixture::text)).contains("here");
      there.close();
      assertThatThrownBy(() -> snapshot.get("k")).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  @Requires(Capability.SNAPSHOTS)
  default void aTransactionIsInASnapshotWholeOrNotAtAll() {
    store()
        .transaction(
            transaction -> {
              transaction.set("a", utf8("1"));
              try (Snapshot amidst = store().snapshot()) {
                assertThat(amidst.keys("")).isEmpty();
              }
              transaction.set("b", utf8("1"));
              return null;
            });
    try (Snapshot snapshot = store().snapshot()) {
      assertThat(snapshot.keys("")).containsExactly("a", "b");
    }
  }

  @Test
  @Requires(Capability.SNAPSHOTS)
  default void aClosedSnapshotRefusesEverything() {
    store().set("k", utf8("v"));
    Snapshot snapshot = store().snapshot();
    snapshot.close();
    snapshot.close();

    assertThat(snapshot.sequence()).isEqualTo(1);
    List<Runnable> questions =
        List.of(
            () -> snapshot.get("k"),
            () -> snapshot.contains("k"),
            () -> snapshot.entry("k"),
            () -> snapshot.metadata("k"),
            () -> snapshot.getAll(List.of("k")),
            () -> snapshot.keys(""),
            () -> snapshot.queryByTags("t"),
            () -> snapshot.tags(),
            () -> snapshot.size(),
            () -> snapshot.namespace("other"));
    for (Runnable question : questions) {
      assertThatThrownBy(question::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("snapshot")
          .hasMessageContaining("close was called");
    }
  }

  @Test
  @Requires(Capability.SNAPSHOTS)
  default void closingTheStoreClosesItsSnapshots() {
    store().set("k", utf8("v"));
    Snapshot snapshot = store().snapshot();
    store().close();

    assertThatThrownBy(() -> snapshot.get("k"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the store is closed");
    snapshot.close();
    assertThatThrownBy(() -> store().snapshot()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Requires(Capability.SNAPSHOTS)
  default void whatASnapshotRefusesIsRefusedAsByTheStore() {
    try (Snapshot snapshot = store().snapshot()) {
      assertThatThrownBy(() -> snapshot.get("")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> snapshot.getAll(List.of("a", "")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> snapshot.queryByTags()).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> snapshot.namespace("")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @Requires({Capability.SNAPSHOTS, Capability.BUFFER})
  default void theFiguresTellWhatSnapshotsCost() {
    store().set("k", utf8("v"));
    store().set("l", utf8("v"));
    assertThat(store().stats().openSnapshots()).isZero();
    Snapshot first = store().snapshot();
    pass(ofSeconds(3));
    Snapshot second = store().snapshot();
    StoreStats unchanged = store().stats();
    assertThat(unchanged.openSnapshots()).isEqualTo(2);
    assertThat(unchanged.oldestSnapshotAge()).isEqualTo(ofSeconds(3));
    assertThat(unchanged.snapshotBytes()).isZero();

    store().flush();
    long flushed = store().stats().snapshotBytes();
    assertThat(flushed).as("what left the buffer").isPositive();
    store().set("k", utf8("w"));
    store().flush();
    assertThat(store().stats().snapshotBytes()).as("of both").isGreaterThanOrEqualTo(flushed);

    first.close();
    assertThat(store().stats().oldestSnapshotAge()).isEqualTo(Duration.ZERO);
    second.close();
    StoreStats after = store().stats();
    assertThat(after.openSnapshots()).isZero();
    assertThat(after.snapshotBytes()).isZero();
  }

  @Test
  default void aStoreHasSnapshotsOrSaysThatItHasNone() {
    boolean has = store().capabilities().contains(StoreCapability.SNAPSHOTS);
    if (can(Capability.SNAPSHOTS)) {
      assertThat(has).isTrue();
    } else if (!has) {
      assertThatThrownBy(() -> store().snapshot())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("nadb:fs:");
    }
  }
}
