package io.nadb.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ChangeKind;
import io.nadb.ChangesLostException;
import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreRegistry;
import io.nadb.backup.Backups;
import io.nadb.testing.Crash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where somebody goes on who has followed a store before: after all that it has told them. */
class BookmarkTest extends FollowedStore {

  @Test
  void nothingIsMissingOrTwiceAfterARestartAndAfterACrash() throws Exception {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    store.flush();
    String first;
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      first = feed.take().bookmark();
    }
    store.set("b", bytes("2"));
    restart(); // Which flushes.

    store = open();
    store.set("c", bytes("3"));
    store.flush();
    store.set("lost", bytes("4"));
    assertThat(after(store, first)).containsExactly(List.of("b=2"), List.of("c=3"));
    Crash.copy(temp.resolve("data"), temp.resolve("crashed"));

    KeyValueStore crashed = open("crashed", "&flush=off");
    crashed.set("d", bytes("5"));
    crashed.flush();
    assertThat(after(crashed, first))
        .containsExactly(List.of("b=2"), List.of("c=3"), List.of("d=5"));
  }

  /**
   * The key has never been in the log, so nothing but who has seen it in the snapshot needs its
   * deletion.
   */
  @ParameterizedTest
  @ValueSource(strings = {"buffered", "written"})
  void aFeedAfterASnapshotTellsWhatRemovesWhatTheSnapshotHas(String durability)
      throws InterruptedException {
    KeyValueStore store = open("data", "&flush=off&sweep=off&durability=" + durability);
    store.set("kept", bytes("1"));
    store.set("deleted", bytes("2"));
    store.set("expired", bytes("3"), SetOptions.ttl(Duration.ofSeconds(1)));
    store.set("overwritten", bytes("4"));
    store.set("touched", bytes("5"), SetOptions.ttl(Duration.ofHours(1)));
    String bookmark;
    try (Snapshot snapshot = store.snapshot()) {
      store.delete("deleted");
      store.set("overwritten", bytes("6"));
      store.touch("touched", Duration.ofHours(2));
      time.advance(Duration.ofSeconds(2));
      store.cleanupExpired();
      store.set("new", bytes("7"));
      assertThat(snapshot.keys("")).hasSize(5);
      bookmark = ChangeFeed.bookmark(store, snapshot);
      assertThat(store.durableSequence()).isGreaterThanOrEqualTo(snapshot.sequence());
    }
    store.flush();

    TreeMap<String, ChangeKind> kinds = new TreeMap<>();
    try (ChangeFeed feed = ChangeFeed.of(store, bookmark)) {
      for (Optional<FeedCut> cut = feed.poll(Duration.ZERO);
          cut.isPresent();
          cut = feed.poll(Duration.ZERO)) {
        cut.get().changes().forEach(change -> kinds.put(change.key(), change.kind()));
      }
    }
    assertThat(kinds).doesNotContainKey("kept").containsKeys("overwritten", "touched", "new");
    assertThat(kinds.get("deleted")).isEqualTo(ChangeKind.DELETED);
    assertThat(kinds.get("expired")).isIn(ChangeKind.DELETED, ChangeKind.EXPIRED);
  }

  /** One flush has both, and so they are one cut. */
  @Test
  void whatASnapshotHasOfACutIsNotToldAgain() throws InterruptedException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    store.set("in the snapshot", bytes("2"));
    Snapshot snapshot = store.snapshot();
    store.set("b", bytes("3"));
    store.flush();
    store.set("c", bytes("4"));
    store.flush();

    String bookmark = ChangeFeed.bookmark(store, snapshot);
    snapshot.close();
    assertThat(after(store, bookmark)).containsExactly(List.of("b=3"), List.of("c=4"));
  }

  @Test
  void aStoreThatWasRestoredOrSetBackIsAnotherOne() throws Exception {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    store.flush();
    registry.close();
    Crash.copy(temp.resolve("data"), temp.resolve("earlier"));
    registry = StoreRegistry.create(time);
    store = open();
    store.set("b", bytes("2"));
    store.flush();
    String bookmark = ChangeFeed.bookmark(store);
    Backups.at(temp.resolve("backups")).create(store).restore(temp.resolve("restored"));

    KeyValueStore restored = open("restored", "");
    assertThat(after(restored, START)).hasSize(2);
    assertThatThrownBy(() -> ChangeFeed.of(restored, bookmark))
        .isInstanceOf(ChangesLostException.class)
        .hasMessageContaining("lineage");
    assertThatThrownBy(() -> ChangeFeed.of(open("earlier", ""), bookmark))
        .isInstanceOf(ChangesLostException.class)
        .hasMessageContaining("ends at write 1");
  }

  @Test
  void aDamagedRecordIsNamedAndNothingIsPassedOver() throws Exception {
    KeyValueStore store = open();
    store.set("a", bytes("1".repeat(500)));
    store.flush();
    store.set("b", bytes("2".repeat(500)));
    store.flush();
    store.set("c", bytes("3"));
    store.flush();
    String segment = "0000000001.seg";
    try (Journal damage = new Journal(temp.resolve("data/main/log/" + segment))) {
      damage.flip("2222");
      try (ChangeFeed feed = ChangeFeed.of(store, START)) {
        assertThat(texts(feed.take())).hasSize(1);
        KeyChange damaged = feed.take().changes().get(0);
        assertThatThrownBy(damaged::value)
            .isInstanceOf(CorruptStoreException.class)
            .hasMessageContaining(segment);
      }
      damage.flip("br222");
      try (ChangeFeed feed = ChangeFeed.of(store, START)) {
        feed.take();
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(feed::take)
              .isInstanceOf(CorruptStoreException.class)
              .hasMessageContaining(segment);
        }
      }
    }
  }

  /** What a disk brings may belong elsewhere: each record is sound, and so is what closes a cut. */
  @Test
  void aRecordInThePlaceOfOthersIsNoticed() throws Exception {
    KeyValueStore store = open();
    store.set("one", bytes("1".repeat(30)));
    store.set("two", bytes("2".repeat(30))); // 80 bytes each.
    store.flush();
    store.set("both", bytes("3".repeat(109))); // 160 bytes.
    store.flush();
    store.set("end", bytes("4".repeat(22))); // 72 bytes, as what closes a cut.
    store.flush();
    String segment = "0000000001.seg";
    try (Journal damage = new Journal(temp.resolve("data/main/log/" + segment))) {
      long one = damage.record("one");
      long both = damage.record("both");
      assertThat(both - one).isEqualTo(2 * 80 + 72);
      byte[] sound = damage.read(one, 160);
      damage.write(damage.read(both, 160), one);
      expectNoticed(store, segment);

      damage.write(sound, one);
      assertThat(after(store, START)).hasSize(3);
      damage.write(damage.read(damage.record("end"), 72), both - 72);
      expectNoticed(store, segment);
    }
  }

  private static void expectNoticed(KeyValueStore store, String segment) {
    try (ChangeFeed feed = ChangeFeed.of(store, START)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(feed::take)
            .isInstanceOf(CorruptStoreException.class)
            .hasMessageContaining(segment);
      }
    }
  }

  /** A file of which bytes are changed behind the store's back. */
  private static final class Journal implements AutoCloseable {
    private final Path file;
    private final RandomAccessFile open;

    Journal(Path file) throws IOException {
      this.file = file;
      this.open = new RandomAccessFile(file.toFile(), "rw");
    }

    /** Flips a bit of the byte with which a text begins. */
    void flip(String text) throws IOException {
      String content = Files.readString(file, ISO_8859_1);
      int at = content.indexOf(text);
      assertThat(at).isPositive();
      open.seek(at);
      open.write(content.charAt(at) ^ 64);
    }

    /** Where the record of a key begins, in the namespace of all these tests. */
    long record(String key) throws IOException {
      String names = "default" + key;
      long at = Files.readString(file, ISO_8859_1).indexOf(names);
      assertThat(at).isPositive();
      return at - 40;
    }

    byte[] read(long at, int count) throws IOException {
      byte[] bytes = new byte[count];
      open.seek(at);
      open.readFully(bytes);
      return bytes;
    }

    void write(byte[] bytes, long at) throws IOException {
      open.seek(at);
      open.write(bytes);
    }

    @Override
    public void close() throws IOException {
      open.close();
    }
  }

  @Test
  void aStoreOfOthersIsFollowedFromOneRefreshToTheNext() throws InterruptedException {
    KeyValueStore store = open();
    store.set("a", bytes("1"));
    store.flush();
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      KeyValueStore reader = readers.open("nadb:fs:" + temp.resolve("data") + "?access=read");
      assertThat(reader.capabilities()).contains(StoreCapability.CHANGES);
      try (ChangeFeed feed = ChangeFeed.of(reader, START)) {
        FeedCut first = feed.take();
        store.set("b", bytes("2"));
        store.flush();
        assertThat(feed.poll(Duration.ZERO)).isEmpty();
        reader.refresh();
        assertThat(texts(first)).containsExactly("a=1");
        assertThat(drain(feed)).containsExactly(List.of("b=2"));
        assertThat(ChangeFeed.bookmark(reader)).isEqualTo(feed.bookmark());
        assertThat(feed.bookmark()).isEqualTo(ChangeFeed.bookmark(store));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-", "1-abc", "1-abc-", "2-abc-1", "1-abc--1", "1-a b-1"})
  void whatIsNoBookmarkIsRefused(String text) {
    KeyValueStore store = open();

    assertThatThrownBy(() -> ChangeFeed.of(store, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void aSnapshotOfAnotherStoreIsRefused() {
    KeyValueStore store = open();
    KeyValueStore other = open("other", "");
    other.set("a", bytes("1"));
    try (Snapshot snapshot = other.snapshot()) {
      assertThatThrownBy(() -> ChangeFeed.bookmark(store, snapshot))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no write 1");
    }
  }
}
