package io.nadb.proof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.ChangeKind;
import io.nadb.ChangesLostException;
import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.Snapshot;
import io.nadb.feed.ChangeFeed;
import io.nadb.feed.FeedCut;
import io.nadb.feed.KeyChange;
import io.nadb.proof.ModelWorld.Boundary;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody who follows a modelled store, and after each cut has what was there at that flush. */
final class ModelFollower {
  private final ModelWorld world;
  private Map<String, Known> copy = Map.of();
  private String bookmark = "1-none-0";
  private @Nullable ChangeFeed feed;
  private int lost;
  int taken;

  /** What is known of a key. */
  private record Known(ByteBuffer value, EntryMetadata metadata) {
    boolean isGoneAt(Instant now) {
      return metadata.expiresAt().filter(at -> !now.isBefore(at)).isPresent();
    }
  }

  ModelFollower(ModelWorld world) {
    this.world = world;
  }

  /** Goes on after the last cut that was taken. */
  void follow() {
    closeFeed();
    try {
      feed = ChangeFeed.of(world.store(), bookmark);
    } catch (ChangesLostException e) {
      if (String.valueOf(e.getMessage()).contains("lineage")) {
        copyAnew(); // The store is another one, restored from a backup.
      } else {
        mayBeLost(e);
      }
    }
  }

  /** What is younger than the window is never lost. */
  private void mayBeLost(ChangesLostException e) {
    long number = Long.parseLong(bookmark.substring(bookmark.lastIndexOf('-') + 1));
    Map.Entry<Long, Boundary> next = world.boundaries().higherEntry(number);
    assertThat(next).as(e.getMessage()).isNotNull();
    assertThat(next.getValue().time())
        .as("what comes after %s: %s", bookmark, e.getMessage())
        .isBeforeOrEqualTo(world.time.now().minus(ModelWorld.WINDOW));
    copyAnew();
  }

  private void closeFeed() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
  }

  private void copyAnew() {
    lost++;
    closeFeed();
    Map<String, Known> entries = new HashMap<>();
    try (Snapshot snapshot = world.store().snapshot()) {
      for (String key : snapshot.keys("")) {
        Entry entry = snapshot.entry(key).orElseThrow();
        entries.put(key, new Known(ByteBuffer.wrap(entry.value()), entry.metadata()));
      }
      world.flushes();
      bookmark = ChangeFeed.bookmark(world.store(), snapshot);
      world.flushed();
    }
    copy = entries;
    feed = ChangeFeed.of(world.store(), bookmark);
  }

  void drain() throws InterruptedException {
    for (int most = world.random.nextInt(20); most >= 0; most--) {
      Optional<FeedCut> cut;
      try {
        cut = requireNonNull(feed).poll(Duration.ZERO);
      } catch (ChangesLostException e) {
        mayBeLost(e);
        return;
      }
      if (cut.isEmpty()) {
        return;
      }
      take(cut.get());
    }
  }

  private void take(FeedCut cut) {
    Map<String, Known> entries = new HashMap<>(copy);
    for (KeyChange change : cut.changes()) {
      if (change.isRemoval()) {
        entries.remove(change.key());
      } else if (change.kind() == ChangeKind.TOUCHED) {
        Known before = requireNonNull(entries.get(change.key()), change::toString);
        entries.put(change.key(), new Known(before.value, change.metadata()));
      } else {
        entries.put(change.key(), new Known(ByteBuffer.wrap(change.value()), change.metadata()));
      }
    }
    copy = entries;
    bookmark = cut.bookmark();
    taken++;
    Boundary boundary = world.boundary(cut.sequence());
    Map<String, ByteBuffer> alive = new HashMap<>();
    copy.forEach(
        (key, known) -> {
          if (!known.isGoneAt(boundary.time())) {
            alive.put(key, known.value);
          }
        });
    assertThat(alive).as("%s", cut).isEqualTo(boundary.model().at(boundary.time()).values());
  }

  @Override
  public String toString() {
    return "cuts followed " + taken + ", copied anew " + lost;
  }
}
