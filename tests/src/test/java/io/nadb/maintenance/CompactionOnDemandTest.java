package io.nadb.maintenance;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A compaction that is asked for takes all garbage, and ends when it is done. */
@Timeout(60)
class CompactionOnDemandTest extends GarbageStore {

  @Test
  void allGarbageGoesAndNothingElse() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    time.advance(Duration.ofMinutes(1));
    assertThat(store.stats().compactions()).as("done by itself").isZero();
    Map<String, String> before = content(store);
    int files = segments().size();
    long bytes = store.stats().totalBytes();

    CompactionResult result = compact(store);

    assertThat(result.bytesBefore()).isBetween(bytes, bytes + 200);
    assertThat(result.bytesAfter()).isEqualTo(store.stats().totalBytes());
    assertThat(result.bytesAfter())
        .isLessThan(KEYS * (VALUE_BYTES + 120L))
        .isLessThan(result.bytesBefore() * 85 / 100);
    assertThat(result.segmentsBefore()).isBetween(files, files + 1);
    assertThat(result.segmentsAfter()).isEqualTo(segments().size()).isLessThanOrEqualTo(files);
    assertThat(result.rewritten())
        .as("all but the last, which has no garbage")
        .isEqualTo(files - 1);
    assertThat(result.heldByHistory() + result.heldByFeeds() + result.heldBySnapshots()).isZero();
    assertThat(content(store)).isEqualTo(before);
    store.set("more", utf8("1"));
    restart();
    store = open();
    assertThat(store.delete("more")).isTrue();
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void whoAsksAgainHasNothingRewritten() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    compact(store);
    List<Path> files = segments();

    CompactionResult again = compact(store);

    assertThat(again.rewritten()).isZero();
    assertThat(again.bytesAfter()).isEqualTo(again.bytesBefore());
    assertThat(segments()).isEqualTo(files);
    restart();
    assertThat(compact(open()).rewritten()).isZero();
    assertThat(segments()).isEqualTo(files);
  }

  @Test
  void theLastFileIsRewrittenTooAndWrittenOn() throws Exception {
    KeyValueStore store = open();
    for (int i = 0; i < 20; i++) {
      store.set("a", random(VALUE_BYTES + i));
      store.flush();
    }
    Map<String, String> before = content(store);
    assertThat(segments()).hasSize(1);

    assertThat(compact(store).bytesAfter()).isLessThan(2 * VALUE_BYTES);
    store.set("b", utf8("2"));
    store.flush();
    restart();
    store = open();
    assertThat(store.getAndDelete("b")).hasValue(utf8("2"));
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void deletionsGoWithWhatTheyHaveDeleted() throws Exception {
    KeyValueStore store = open();
    set(store, 0, KEYS, 0);
    for (int i = 0; i < KEYS; i++) {
      store.delete("key" + i);
    }

    CompactionResult result = compact(store);

    assertThat(result.bytesBefore()).isGreaterThan(KEYS * (long) VALUE_BYTES);
    assertThat(result.bytesAfter()).isLessThan(1000);
    restart();
    assertThat(open().keys("")).isEmpty();
  }

  @Test
  void touchesBecomeOneWithWhatTheyTouch() throws Exception {
    KeyValueStore store = open();
    set(store, 0, KEYS, 0);
    for (int i = 0; i < KEYS; i += 2) {
      store.touch("key" + i, Duration.ofDays(i + 1));
    }
    Map<String, String> before = content(store);

    compact(store);

    assertThat(content(store)).isEqualTo(before);
    restart();
    assertThat(content(open())).isEqualTo(before);
  }

  @Test
  void whatIsMerelyWrittenIsSyncedBeforeAnythingBuildsOnIt() throws Exception {
    KeyValueStore store = open("&durability=written");
    fillWithAQuarterOfGarbage(store);

    CompactionResult result =
        Compaction.of(store)
            .reporting((bytes, total) -> store.set("key1", random(VALUE_BYTES)))
            .run();

    assertThat(result.rewritten()).isPositive();
    assertThat(store.keys("")).hasSize(KEYS);
  }

  @Test
  void theMetadataDatabaseIsLedAlong() throws Exception {
    String all = url().replace("&metadata=none", "");
    KeyValueStore store = registry.open(all);
    for (int i = 0; i < 3000; i++) {
      store.set("small" + i, utf8("1"));
    }
    store.flush();
    time.advance(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5));
    assertThat(store.stats().metadataLag()).isZero();
    for (int i = 0; i < 3000; i++) {
      store.delete("small" + i);
    }

    compact(store);

    assertThat(store.stats().metadataLag()).as("seen before its deletions were dropped").isZero();
    assertThat(store.stats().totalBytes()).isLessThan(1000);
  }

  @Test
  void anEmptyStoreIsDoneAtOnce() throws Exception {
    KeyValueStore store = open();

    CompactionResult result = compact(store);

    assertThat(result.rewritten()).isZero();
    assertThat(result.bytesAfter()).isZero();
    assertThat(result.duration()).isZero();
    assertThat(result)
        .hasToString(
            "CompactionResult[0 -> 0 bytes, 0 -> 0 segments, 0 rewritten, held: 0 by history, 0 by"
                + " feeds, 0 by snapshots]");
  }
}
