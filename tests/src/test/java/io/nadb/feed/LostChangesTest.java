package io.nadb.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ChangesLostException;
import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What compaction takes away from those who follow a store, and what it leaves them. */
class LostChangesTest extends FollowedStore {

  /** Fills some segments with the same keys over and over. */
  private static void overwrite(KeyValueStore store, int round) {
    for (int i = 0; i < 40; i++) {
      store.set("key" + i, bytes(round + "x".repeat(5000)));
    }
    store.flush();
  }

  private void compact(KeyValueStore store) {
    long before = store.stats().compactions();
    for (int i = 0; i < 1000 && store.stats().compactions() == before; i++) {
      overwrite(store, i);
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(store.stats().compactions()).isGreaterThan(before);
  }

  @Test
  void whatCompactionHasTakenIsLostAndWhereItGoesOnIsSaid() throws InterruptedException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    store.flush();
    String early = ChangeFeed.bookmark(store);
    compact(store);

    assertThatThrownBy(() -> ChangeFeed.of(store, early))
        .isInstanceOfSatisfying(
            ChangesLostException.class,
            lost -> {
              assertThat(lost)
                  .hasMessageContaining("after write 1 ")
                  .hasMessageContaining("compaction")
                  .hasMessageContaining(lost.oldest());
              assertThat(number(lost.oldest())).isBetween(2L, store.durableSequence());
              assertThat(cuts(store, lost.oldest())).isNotNull();
              String before = lost.oldest().replaceAll("[0-9]+$", "" + (number(lost.oldest()) - 1));
              assertThatThrownBy(() -> ChangeFeed.of(store, before))
                  .isInstanceOf(ChangesLostException.class);
            });
    assertThatThrownBy(() -> ChangeFeed.of(store, START)).isInstanceOf(ChangesLostException.class);
    assertThat(after(store, ChangeFeed.bookmark(store))).isEmpty();
  }

  private static long number(String bookmark) {
    return Long.parseLong(bookmark.substring(bookmark.lastIndexOf('-') + 1));
  }

  private static List<List<String>> cuts(KeyValueStore store, String bookmark) {
    try {
      return after(store, bookmark);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void compactionWaitsForAnOpenFeedButNotForEver() throws InterruptedException {
    KeyValueStore store = open();
    try (ChangeFeed feed = ChangeFeed.of(store, START);
        ChangeFeed leftBehind = ChangeFeed.of(store, START)) {
      overwrite(store, 1);
      FeedCut first = feed.take();
      assertThat(leftBehind.take().changes()).hasSize(40);
      for (int round = 2; round < 40; round++) {
        overwrite(store, round);
        time.advance(Duration.ofSeconds(1));
        assertThat(texts(feed.take())).contains("key1=" + round + "x".repeat(5000));
        assertThat(store.stats().totalBytes()).isLessThan(1_200_000);
      }
      assertThat(store.stats().compactions()).isPositive();
      assertThatThrownBy(() -> leftBehind.poll(Duration.ZERO))
          .isInstanceOf(ChangesLostException.class);
      assertThatThrownBy(() -> leftBehind.poll(Duration.ZERO))
          .as("and never something later")
          .isInstanceOf(ChangesLostException.class);
      assertThatThrownBy(() -> first.changes().get(0).value())
          .isInstanceOf(ChangesLostException.class);
    }
  }

  @Test
  void aValueCanBeReadAsLongAsASnapshotKeepsItsFile() throws InterruptedException {
    KeyValueStore store = open();
    overwrite(store, 1);
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      KeyChange change = feed.take().changes().get(0);
      try (Snapshot snapshot = store.snapshot()) {
        compact(store);
        assertThat(change.value()).isEqualTo(snapshot.get(change.key()).orElseThrow());
      }
      time.advance(Duration.ofSeconds(10));
      assertThatThrownBy(change::value).isInstanceOf(ChangesLostException.class);
    }
  }

  @Test
  void anOpenFeedKeepsWhatItHasStillToTakeAndNoMore() throws InterruptedException {
    KeyValueStore store = open();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      overwrite(store, 0);
      overwrite(store, 1); // Nothing of the first round is current any more.
      time.advance(Duration.ofSeconds(60));
      assertThat(drain(feed)).hasSize(2);
      store.set("another", bytes("1"));
      store.flush();
      time.advance(Duration.ofSeconds(60));
      assertThat(drain(feed)).hasSize(1);
      assertThatThrownBy(() -> ChangeFeed.of(store, START))
          .as("what has been taken is held back no more")
          .isInstanceOf(ChangesLostException.class);
    }
  }

  /** What has taken the place of its file is longer than where it was, and has no record there. */
  @Test
  void whoWasInASegmentThatIsRewrittenHasLostAndReadsNothingElseThere()
      throws InterruptedException {
    KeyValueStore store = open();
    store.set("first", bytes("1"));
    store.flush();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      assertThat(texts(feed.take())).containsExactly("first=1");
      for (int i = 0; i < 4; i++) {
        store.set("stays" + i, new byte[5000]);
        store.set("key" + i, new byte[7000]);
      }
      store.flush();
      for (int round = 0; round < 4; round++) {
        overwrite(store, round);
      }
      time.advance(Duration.ofSeconds(10));

      assertThat(store.stats().compactions()).isPositive();
      assertThat(temp.resolve("data/main/log/0000000001.seg").toFile())
          .as("the entries that stay are in it")
          .satisfies(file -> assertThat(file.length()).isBetween(20_000L, 30_000L));
      assertThatThrownBy(() -> feed.poll(Duration.ZERO)).isInstanceOf(ChangesLostException.class);
    }
  }

  @Test
  void withHistoryAllOfItsTimeCanBeFollowed() throws InterruptedException {
    KeyValueStore store = open("data", "&flush=off&sweep=off&compression=none&history=1h");
    int rounds = 20;
    for (int round = 0; round < rounds; round++) {
      overwrite(store, round);
      time.advance(Duration.ofMinutes(1));
    }
    assertThat(after(store, START)).as("from the beginning").hasSize(rounds);
    String bookmark = ChangeFeed.bookmark(store);
    time.advance(Duration.ofHours(1));
    for (int round = 0; round < rounds; round++) {
      overwrite(store, round);
      time.advance(Duration.ofMinutes(1));
    }

    assertThat(store.stats().compactions()).isPositive();
    assertThat(after(store, bookmark)).as("of the last hour").hasSize(rounds);
    assertThatThrownBy(() -> ChangeFeed.of(store, START)).isInstanceOf(ChangesLostException.class);
  }
}
