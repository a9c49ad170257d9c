package io.nadb.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ChangesLostException;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.StoreStats;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the figures of a store tell of those who follow it. */
class FeedFiguresTest extends FollowedStore {
  private static final int SEGMENT = 64 << 10;

  /** Fills three segments with the same keys. */
  private static void overwrite(KeyValueStore store, String value) {
    for (int i = 0; i < 36; i++) {
      store.set("key" + i, bytes(value + "x".repeat(5000)));
    }
    store.flush();
  }

  /** Long enough for all that the background thread has to do. */
  private void rest() {
    time.advance(Duration.ofSeconds(60));
  }

  @Test
  void howManyAreOpenIsToldAndHowManyDurableWritesTheSlowestHasStillToTake()
      throws InterruptedException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    store.flush();
    assertThat(store.stats().openFeeds()).isZero();
    ChangeFeed early = ChangeFeed.of(store, START);
    assertThat(store.stats().openFeeds()).isEqualTo(1);
    assertThat(store.stats().feedLag()).as("begun before the first write").isEqualTo(1);
    ChangeFeed late = ChangeFeed.ofAllNamespaces(store, ChangeFeed.bookmark(store));
    assertThat(store.stats().openFeeds()).isEqualTo(2);
    store.set("b", bytes("2"));
    store.set("b", bytes("3"));
    store.flush();
    store.set("not durable", bytes("4"));
    assertThat(store.stats().feedLag()).as("of the slowest").isEqualTo(3);
    assertThat(drain(early)).hasSize(2);
    assertThat(store.stats().feedLag()).as("of the other").isEqualTo(2);
    assertThat(drain(late)).hasSize(1);
    assertThat(store.stats().feedLag()).isZero();

    store.flush();
    assertThat(drain(late)).hasSize(1);
    assertThat(store.namespace("other").stats().feedLag()).isEqualTo(1);
    early.close();
    early.close();
    assertThat(store.stats().openFeeds()).isEqualTo(1);
    assertThat(store.stats().feedLag()).as("of those who are left").isZero();
    late.close();
    assertThat(store.stats().openFeeds()).isZero();
  }

  @Test
  void whatIsOfNoConcernToAFeedIsNotLackedByItWhenItHasLooked() throws InterruptedException {
    KeyValueStore store = open();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      store.namespace("other").set("a", bytes("1"));
      store.flush();
      store.set("b", bytes("2"));
      store.delete("b"); // Nothing is left to be told of it.
      store.flush();
      assertThat(store.stats().feedLag()).isEqualTo(3);
      assertThat(drain(feed)).isEmpty();
      assertThat(store.stats().feedLag()).isZero();
    }
  }

  @Test
  void theGarbageThatIsKeptForAFeedIsToldAndGivenBackWhenItHasTakenIt()
      throws InterruptedException {
    KeyValueStore store = open();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      overwrite(store, "1");
      store.set("b", bytes("1"));
      store.flush(); // In a segment of its own.
      rest();
      assertThat(store.stats().feedBytes()).as("nothing of it is garbage").isZero();
      overwrite(store, "2");
      rest();
      StoreStats kept = store.stats();
      assertThat(kept.compactions()).isZero();
      assertThat(kept.feedBytes()).isBetween(2L * SEGMENT, kept.garbageBytes());
      assertThat(drain(feed)).hasSize(3);
      assertThat(store.stats().feedBytes()).as("it is in the last segment").isZero();

      store.set("another", bytes("1"));
      store.flush();
      rest();
      assertThat(store.stats().compactions()).isPositive();
      assertThat(store.stats().garbageBytes()).isLessThan(SEGMENT);
    }
  }

  @Test
  void whatWouldNotBeCompactedAnyhowIsNotKeptForAFeed() throws InterruptedException {
    KeyValueStore store = open();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      for (int i = 0; i < 3000; i++) {
        store.set("key" + i, bytes("1"));
        if (i % 100 == 99) {
          store.flush();
        }
      }
      assertThat(store.stats().totalBytes()).isGreaterThan(2L * SEGMENT);
      assertThat(store.stats().feedBytes()).as("headers and ends of cuts").isZero();
      store.set("key2999", bytes("2"));
      store.flush();
      assertThat(store.stats().feedBytes()).as("in the segment that is being written").isZero();
      store.set("key0", bytes("2"));
      store.flush();
      assertThat(store.stats().feedBytes()).isPositive();
      assertThat(feed.bookmark()).as("nothing is taken").endsWith("-0");

      FeedCut first = feed.take();
      assertThat(store.stats().feedBytes()).as("more cuts are in its segment").isPositive();
      for (int i = 0; i < 900; i++) {
        store.set("key" + i, bytes("2"));
      }
      store.flush();
      rest();
      assertThat(drain(feed)).hasSize(32);
      assertThat(first.bookmark()).endsWith("-100");
    }
  }

  /** Though it has not been asked for a cut yet. */
  @Test
  void aFeedThatBeginsLateKeepsNothingOfWhatCameBefore() {
    KeyValueStore store = open();
    overwrite(store, "1");
    overwrite(store, "2");
    assertThat(store.stats().garbageBytes()).isGreaterThan(2L * SEGMENT);
    try (ChangeFeed feed = ChangeFeed.of(store, ChangeFeed.bookmark(store))) {
      assertThat(store.stats().feedBytes()).isZero();
      rest();
      assertThat(store.stats().compactions()).isPositive();
      assertThat(feed.bookmark()).isEqualTo(ChangeFeed.bookmark(store));
    }
  }

  @Test
  void aFeedThatWasRefusedKeepsNothing() {
    KeyValueStore store = open();
    overwrite(store, "1");
    overwrite(store, "2");
    rest();
    assertThat(store.stats().compactions()).isPositive();
    overwrite(store, "3");
    assertThat(store.stats().garbageBytes()).isGreaterThan(2L * SEGMENT);
    assertThatThrownBy(() -> ChangeFeed.of(store, START)).isInstanceOf(ChangesLostException.class);

    assertThat(store.stats().openFeeds()).isZero();
    assertThat(store.stats().feedBytes()).isZero();
  }

  @Test
  void theGarbageThatWasKeptForAFeedIsGivenBackWhenItIsClosed() {
    KeyValueStore store = open();
    ChangeFeed feed = ChangeFeed.of(store, START);
    overwrite(store, "1");
    overwrite(store, "2");
    rest();
    assertThat(store.stats().feedBytes()).isPositive();
    feed.close();
    assertThat(store.stats().feedBytes()).isZero();
    rest();
    assertThat(store.stats().compactions()).as("though nothing was written").isPositive();
    assertThat(store.stats().garbageBytes()).isLessThan(SEGMENT);
  }

  @Test
  void halfOfWhatIsCurrentAndFourSegmentsAndAHalfAreKeptBeforeAFeedLoses()
      throws InterruptedException {
    KeyValueStore store = open();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      long most = 0;
      long live = 0;
      for (int round = 0; store.stats().compactions() == 0; round++) {
        most = store.stats().feedBytes();
        live = store.stats().liveBytes();
        for (int i = 0; i < 4; i++) {
          store.set("key" + (4 * round + i) % 36, bytes(round + "x".repeat(5000)));
        }
        store.flush();
        rest();
      }
      assertThat(most).isBetween(live / 2 + 7L * SEGMENT / 2, live / 2 + 5L * SEGMENT);
      assertThatThrownBy(() -> drain(feed)).isInstanceOf(ChangesLostException.class);
    }
  }

  @Test
  void withHistoryNothingIsKeptForFeeds() {
    KeyValueStore store = open("data", "&flush=off&sweep=off&compression=none&history=1h");
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      overwrite(store, "1");
      overwrite(store, "2");
      rest();
      assertThat(store.stats().openFeeds()).isEqualTo(1);
      assertThat(store.stats().feedLag()).isEqualTo(72);
      assertThat(store.stats().feedBytes()).isZero();
      assertThat(feed.bookmark()).endsWith("-0");
    }
  }

  @Test
  void aReaderBesideTheOwnerTellsOfItsOwnFeedsAsOfItsRefresh() throws InterruptedException {
    KeyValueStore store = open("data", "");
    store.set("a", bytes("1"));
    store.flush();
    StoreStats beside;
    try (StoreRegistry elsewhere = StoreRegistry.create(new VirtualTime());
        KeyValueStore reader = elsewhere.open(store.url() + "&access=read");
        ChangeFeed feed = ChangeFeed.of(reader, START)) {
      store.set("b", bytes("2"));
      store.flush();
      assertThat(reader.stats().feedLag()).isEqualTo(1);
      reader.refresh();
      assertThat(reader.stats().feedLag()).isEqualTo(2);
      assertThat(drain(feed)).hasSize(2);
      beside = reader.stats();
      assertThat(store.stats().openFeeds()).as("of another process, as it were").isZero();
    }
    assertThat(beside.openFeeds()).isEqualTo(1);
    assertThat(beside.feedLag()).isZero();
    assertThat(beside.feedBytes()).isZero();
  }

  @Test
  void closingTheStoreEndsFeedsAndIsNothingToWarnOf() {
    Warnings warnings = Warnings.listen();
    KeyValueStore store = open();
    ChangeFeed feed = ChangeFeed.of(store, START);
    overwrite(store, "1");
    overwrite(store, "2");
    store.close();
    StoreStats closed = store.stats();
    assertThat(closed.openFeeds()).isZero();
    assertThat(closed.feedLag()).isZero();
    assertThat(closed.feedBytes()).isZero();
    assertThatThrownBy(() -> feed.poll(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    feed.close();
    assertThat(warnings.texts()).isEmpty();
  }
}
