package io.nadb.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A feed that nobody can reach any more is closed; when, the garbage collector decides. */
@Timeout(60)
class ForgottenFeedIT {
  private static final String START = "1-any-0";

  @TempDir Path temp;

  private final VirtualTime time = new VirtualTime();

  @Test
  void aForgottenFeedIsClosedAndTheLogSaysWhereItWasOpened() throws InterruptedException {
    Warnings warnings = Warnings.listen();
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = open(registry);
      try (ChangeFeed kept = ChangeFeed.of(store, START)) {
        WeakReference<ChangeFeed> forgotten = forget(store);
        while (store.stats().openFeeds() > 1) {
          System.gc();
          ChangeFeed.of(store, START).close(); // Whoever opens one looks for those.
        }
        assertThat(forgotten.refersTo(null)).isTrue();
        assertThat(kept.poll(Duration.ZERO)).isPresent();
      }
      assertThat(warnings.texts())
          .singleElement()
          .asString()
          .contains("a feed of changes was not closed")
          .contains("it was opened here");
    }
  }

  @Test
  void theBackgroundThreadLooksForThemAndGivesBackWhatWasKeptForThem() throws InterruptedException {
    Warnings warnings = Warnings.listen();
    try (StoreRegistry registry = StoreRegistry.create(time)) {
      KeyValueStore store = open(registry);
      forget(store);
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 36; i++) {
          store.set("key" + i, new byte[5000]);
        }
        store.flush();
      }
      for (int i = 0; store.stats().compactions() == 0; i++) {
        System.gc();
        store.set("round" + i, new byte[1]);
        time.advance(Duration.ofSeconds(5));
      }
      assertThat(store.stats().openFeeds()).isZero();
      assertThat(warnings.texts()).hasSize(1);
    }
  }

  private KeyValueStore open(StoreRegistry registry) {
    KeyValueStore store =
        registry.open("nadb:fs:" + temp.resolve("data") + "?metadata=none&segment=64kb");
    store.set("k", "v".getBytes(UTF_8));
    store.flush();
    return store;
  }

  private static WeakReference<ChangeFeed> forget(KeyValueStore store) throws InterruptedException {
    ChangeFeed feed = ChangeFeed.of(store, START);
    assertThat(feed.poll(Duration.ZERO)).isPresent();
    return new WeakReference<>(feed);
  }
}
