package io.nadb.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ChangeKind;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreCapability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The changes of a store, as somebody sees them who follows it. */
class ChangeFeedTest extends FollowedStore {

  @Test
  void eachFlushIsOneCutWithWhatTheLastWriteMadeOfEachKey() throws InterruptedException {
    KeyValueStore store = open();
    assertThat(store.capabilities()).contains(StoreCapability.CHANGES);
    String bookmark = ChangeFeed.bookmark(store);
    store.set("a", bytes("1"), SetOptions.tags("t").withTtl(Duration.ofMinutes(1)));
    store.set("b", bytes("2"));
    store.set("b", bytes("3"));
    store.set("gone before it was durable", bytes("4"));
    store.delete("gone before it was durable");
    Instant written = time.now();
    time.advance(Duration.ofSeconds(2));
    store.flush();
    store.delete("b");
    store.set("c", bytes("5"));
    store.flush();
    store.set("not durable", bytes("6"));

    try (ChangeFeed feed = ChangeFeed.of(store, bookmark)) {
      FeedCut first = feed.poll(Duration.ZERO).orElseThrow();
      assertThat(texts(first)).containsExactly("a=1", "b=3");
      assertThat(first.sequence()).isEqualTo(5);
      assertThat(first.time()).isEqualTo(written.plusSeconds(2));
      KeyChange change = first.changes().get(0);
      assertThat(change.kind()).isEqualTo(ChangeKind.SET);
      assertThat(change.namespace()).isEqualTo("default");
      assertThat(change.sequence()).isEqualTo(1);
      assertThat(change.time()).isEqualTo(written);
      assertThat(change.metadata()).isEqualTo(store.metadata("a").orElseThrow());
      assertThat(feed.bookmark()).isEqualTo(first.bookmark());

      assertThat(drain(feed)).containsExactly(List.of("b deleted", "c=5"));
      assertThat(after(store, first.bookmark())).containsExactly(List.of("b deleted", "c=5"));
      assertThat(after(store, feed.bookmark())).isEmpty();
      assertThatThrownBy(() -> change.metadata().tags().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void aTransactionAndAClearAreInOneCut() throws InterruptedException {
    KeyValueStore store = open("data", "&flush=off&sweep=off&buffer=16kb");
    store.transaction(
        transaction -> {
          for (int i = 0; i < 100; i++) {
            transaction.set("key" + i, new byte[1000]);
          }
          return true;
        });
    store.flush();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      assertThat(feed.poll(Duration.ZERO).orElseThrow().changes()).hasSize(100);
      store.clear();
      store.flush();
      FeedCut cleared = feed.poll(Duration.ZERO).orElseThrow();
      assertThat(cleared.changes())
          .hasSize(100)
          .allMatch(change -> change.kind() == ChangeKind.DELETED && change.isRemoval());
      assertThatThrownBy(() -> cleared.changes().get(0).metadata())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is gone");
      assertThatThrownBy(() -> cleared.changes().get(0).value())
          .isInstanceOf(IllegalStateException.class);
      assertThat(drain(feed)).isEmpty();
    }
  }

  /** A power cut would take it back, and the numbers would be given to other writes. */
  @Test
  void whatIsOnlyWrittenIsNotTold() throws InterruptedException {
    KeyValueStore store = open("data", "&flush=off&sweep=off&durability=written");
    store.set("a", bytes("1"));
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      assertThat(drain(feed)).isEmpty();
      store.flush();
      store.set("b", bytes("2"));
      assertThat(drain(feed)).containsExactly(List.of("a=1"));
      for (int i = 0; i < 20; i++) {
        store.set("c" + i, new byte[10_000]);
      }
      // A segment that is full is synced before the next one is begun, which has no cut that
      // counts.
      assertThat(drain(feed)).hasSizeBetween(10, 20).doesNotContain(List.of("c19="));
      String bookmark = feed.bookmark();
      store.set("d", bytes("3"));
      assertThat(after(store, bookmark)).isEmpty();
      store.flush();
      assertThat(after(store, bookmark)).isNotEmpty().last().isEqualTo(List.of("d=3"));
      assertThat(drain(feed)).isEqualTo(after(store, bookmark));
    }
  }

  @Test
  void whatHasExpiredIsToldAsThatAndATouchHasNoValue() throws InterruptedException {
    KeyValueStore store = open();
    store.set("short", bytes("1"), SetOptions.ttl(Duration.ofSeconds(1)));
    store.set("long", bytes("2"), SetOptions.ttl(Duration.ofSeconds(2)));
    store.flush();
    String bookmark = ChangeFeed.bookmark(store);
    store.touch("long", Duration.ofMinutes(1));
    store.flush();
    time.advance(Duration.ofSeconds(5));
    assertThat(store.cleanupExpired()).isEqualTo(1);
    store.flush();

    try (ChangeFeed feed = ChangeFeed.of(store, bookmark)) {
      KeyChange touch = feed.take().changes().get(0);
      assertThat(touch.kind()).isEqualTo(ChangeKind.TOUCHED);
      assertThat(touch.isRemoval()).isFalse();
      EntryMetadata metadata = touch.metadata();
      assertThat(metadata).isEqualTo(store.metadata("long").orElseThrow());
      assertThatThrownBy(touch::value)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("touched");
      assertThat(drain(feed)).containsExactly(List.of("short expired"));
    }
  }

  /** In one cut, what is known of a value that the log does not have yet is a whole entry. */
  @Test
  void aTouchOfWhatIsNotDurableIsASet() throws InterruptedException {
    KeyValueStore store = open();
    store.set("a", bytes("1"), SetOptions.ttl(Duration.ofSeconds(1)));
    store.touch("a", Duration.ofMinutes(1));
    store.flush();

    assertThat(after(store, START)).containsExactly(List.of("a=1"));
  }

  @Test
  void oneNamespaceOrAllAreFollowedAndABookmarkMovesOverTheRest() throws InterruptedException {
    KeyValueStore store = open();
    KeyValueStore other = store.namespace("other");
    other.set("a", bytes("1"));
    store.flush();
    store.set("b", bytes("2"));
    other.set("c", bytes("3"));
    store.flush();
    other.set("d", bytes("4"));
    store.flush();

    assertThat(after(store, START)).containsExactly(List.of("b=2"));
    assertThat(after(other, START)).hasSize(3);
    try (ChangeFeed feed = ChangeFeed.ofAllNamespaces(store, START)) {
      assertThat(feed.take().changes()).extracting(KeyChange::namespace).containsExactly("other");
      assertThat(feed.take().changes()).hasSize(2);
      assertThat(drain(feed)).hasSize(1);
    }
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      FeedCut cut = feed.take();
      assertThat(feed.poll(Duration.ZERO)).isEmpty();
      assertThat(feed.bookmark()).isNotEqualTo(cut.bookmark()).endsWith("-4");
    }
  }

  @Test
  void whoWaitsIsWokenByTheFlushAndByNothingElse() throws Exception {
    KeyValueStore store = open("data", "&flush=5s");
    CompletableFuture<List<String>> taken = new CompletableFuture<>();
    CompletableFuture<Optional<FeedCut>> timedOut = new CompletableFuture<>();
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      Thread waiter =
          new Thread(
              () -> {
                try {
                  taken.complete(texts(feed.take()));
                  timedOut.complete(feed.poll(Duration.ofHours(1)));
                } catch (Throwable e) {
                  taken.completeExceptionally(e);
                  timedOut.completeExceptionally(e);
                }
              });
      waiter.start();
      time.awaitWaiting(1);
      store.set("a", bytes("1"));
      assertThat(taken).isNotDone();
      time.advance(Duration.ofSeconds(5));
      assertThat(taken.get()).containsExactly("a=1");
      time.awaitWaiting(1);
      time.advance(Duration.ofHours(1).minusNanos(1));
      assertThat(timedOut).isNotDone();
      time.advance(Duration.ofNanos(1));
      assertThat(timedOut.get()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingTheFeedOrTheStoreEndsTheWait(boolean closesStore) throws Exception {
    KeyValueStore store = open();
    ChangeFeed feed = ChangeFeed.of(store, START);
    CompletableFuture<FeedCut> taken = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                taken.complete(feed.take());
              } catch (Throwable e) {
                taken.completeExceptionally(e);
              }
            });
    waiter.start();
    time.awaitWaiting(1);
    assertThatThrownBy(() -> feed.poll(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another thread");
    if (closesStore) {
      store.close();
    } else {
      feed.close();
      feed.close();
    }
    assertThatThrownBy(taken::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> feed.poll(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void whatHasNoLogSaysSo() {
    KeyValueStore store = registry.open("nadb:mem:feed");

    assertThat(store.capabilities()).doesNotContain(StoreCapability.CHANGES);
    assertThatThrownBy(() -> ChangeFeed.of(store, START))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("nadb:fs:");
    assertThatThrownBy(() -> ChangeFeed.bookmark(store))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
