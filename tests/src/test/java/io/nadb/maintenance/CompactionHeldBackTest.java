package io.nadb.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.Snapshot;
import io.nadb.feed.ChangeFeed;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody still needs stays, and is told, when a compaction is asked for. */
@Timeout(60)
class CompactionHeldBackTest extends GarbageStore {

  @Test
  void whatTheHistoryNeedsStaysAndIsTold() throws Exception {
    KeyValueStore store = open("&history=1h");
    fillWithAQuarterOfGarbage(store);
    time.advance(Duration.ofMinutes(10));
    String then = HexFormat.of().formatHex(store.get("key0").orElseThrow());
    time.advance(Duration.ofMinutes(10));
    set(store, 0, 20, 2);

    CompactionResult young = compact(store);
    assertThat(young.rewritten()).isZero();
    assertThat(young.heldByHistory()).isGreaterThan(KEYS * (long) VALUE_BYTES);

    time.advance(Duration.ofMinutes(45));
    Map<String, String> before = content(store);
    CompactionResult older = compact(store);
    assertThat(older.rewritten()).isPositive();
    assertThat(older.heldByHistory()).isGreaterThan(20 * (long) VALUE_BYTES);
    assertThat(content(store)).isEqualTo(before);
    try (Snapshot snapshot = store.snapshotAt(time.now().minus(Duration.ofMinutes(50)))) {
      assertThat(snapshot.get("key0").map(HexFormat.of()::formatHex)).hasValue(then);
    }

    time.advance(Duration.ofHours(2)); // By now all is older, also the files as such.
    CompactionResult oldest = compact(store);
    assertThat(oldest.bytesAfter()).isLessThan(KEYS * (VALUE_BYTES + 120L));
    assertThat(oldest.heldByHistory()).isZero();
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void whatAnOpenFeedHasStillToSeeStaysAndIsTold() throws Exception {
    KeyValueStore store = open();
    String bookmark = ChangeFeed.bookmark(store);
    set(store, 0, KEYS, 0);
    try (ChangeFeed feed = ChangeFeed.of(store, bookmark)) {
      set(store, 0, KEYS, 1);

      CompactionResult held = compact(store);

      assertThat(held.rewritten()).isZero();
      assertThat(held.heldByFeeds()).isGreaterThan(KEYS * (long) VALUE_BYTES);
      for (int cut = 0; cut < 2 * KEYS / 25; cut++) {
        assertThat(feed.poll(Duration.ZERO).orElseThrow().changes()).hasSize(25);
      }
      assertThat(feed.poll(Duration.ZERO)).isEmpty();
    }
    CompactionResult free = compact(store);
    assertThat(free.heldByFeeds()).isZero();
    assertThat(free.bytesAfter()).isLessThan(KEYS * (VALUE_BYTES + 120L));
  }

  @Test
  void aSnapshotShowsItsMomentAndTheSpaceThatItKeepsIsTold() throws Exception {
    KeyValueStore store = open();
    set(store, 0, KEYS, 0);
    String first = HexFormat.of().formatHex(store.get("key0").orElseThrow());
    CompactionResult result;
    try (Snapshot snapshot = store.snapshot()) {
      set(store, 0, KEYS, 1);

      result = compact(store);

      assertThat(snapshot.get("key0").map(HexFormat.of()::formatHex)).hasValue(first);
      assertThat(snapshot.keys("")).hasSize(KEYS);
    }
    assertThat(result.bytesAfter()).isLessThan(KEYS * (VALUE_BYTES + 120L));
    assertThat(result.heldBySnapshots()).isGreaterThan(KEYS * (long) VALUE_BYTES);
    assertThat(compact(store).heldBySnapshots()).isZero();
  }
}
