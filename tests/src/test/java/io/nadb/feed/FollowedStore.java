package io.nadb.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A store that is followed, and what is told of it as text. */
abstract class FollowedStore {
  static final String START = "1-any-0";

  @TempDir Path temp;
  final VirtualTime time = new VirtualTime();
  StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  KeyValueStore open(String name, String more) {
    return registry.open("nadb:fs:" + temp.resolve(name) + "?metadata=none&segment=64kb" + more);
  }

  KeyValueStore open() {
    return open("data", "&flush=off&sweep=off&compression=none");
  }

  void restart() {
    registry.close();
    registry = StoreRegistry.create(time);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(KeyChange change) {
    return switch (change.kind()) {
      case SET -> change.key() + "=" + new String(change.value(), UTF_8).trim();
      case TOUCHED -> change.key() + "~";
      case DELETED -> change.key() + " deleted";
      case EXPIRED -> change.key() + " expired";
    };
  }

  static List<String> texts(FeedCut cut) {
    return cut.changes().stream().map(FollowedStore::text).sorted().toList();
  }

  /** All that is there to be taken. */
  static List<List<String>> drain(ChangeFeed feed) throws InterruptedException {
    List<List<String>> cuts = new ArrayList<>();
    for (Optional<FeedCut> cut = feed.poll(Duration.ZERO);
        cut.isPresent();
        cut = feed.poll(Duration.ZERO)) {
      cuts.add(texts(cut.get()));
    }
    return cuts;
  }

  static List<List<String>> after(KeyValueStore store, String bookmark)
      throws InterruptedException {
    try (ChangeFeed feed = ChangeFeed.of(store, bookmark)) {
      return drain(feed);
    }
  }
}
