package io.nadb.maintenance;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreCapability;
import io.nadb.StoreRegistry;
import io.nadb.feed.ChangeFeed;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A compaction that is asked for takes all garbage, and ends when it is done. */
@Timeout(60)
class CompactionOnDemandTest {
  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 1000;

  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open() {
    return open("");
  }

  private KeyValueStore open(String more) {
    return registry.open(url() + more);
  }

  private String url() {
    return "nadb:fs:" + temp.resolve("data") + "?flush=off&segment=64kb&sweep=off&metadata=none";
  }

  private void restart() {
    registry.close();
    registry = StoreRegistry.create(time);
  }

  /** Sets keys from one number to another. */
  private static void set(KeyValueStore store, int from, int to, int round) {
    for (int i = from; i < to; i++) {
      SetOptions options = i % 3 == 0 ? SetOptions.tags("third") : SetOptions.none();
      store.set("key" + i, random(VALUE_BYTES + i % 7 + round), options);
      if (i % 25 == 24) {
        store.flush();
      }
    }
    store.flush();
  }

  /** Segments of each of which a quarter is garbage: too little for the store to act by itself. */
  private static void fillWithAQuarterOfGarbage(KeyValueStore store) {
    set(store, 0, KEYS, 0);
    for (int i = 0; i < KEYS; i += 4) {
      store.set("key" + i, random(VALUE_BYTES), SetOptions.tags("fourth"));
    }
    store.flush();
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new TreeMap<>();
    for (String key : store.keys("")) {
      EntryMetadata metadata = store.metadata(key).orElseThrow();
      found.put(key, metadata + HexFormat.of().formatHex(store.get(key).orElseThrow()));
    }
    found.put("tags", store.tags().toString());
    return found;
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("data/main/log"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  private static CompactionResult compact(KeyValueStore store) throws InterruptedException {
    return Compaction.of(store).run();
  }

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
  void progressGoesFromNothingToAll() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    List<Long> told = new ArrayList<>();
    List<Long> totals = new ArrayList<>();

    CompactionResult result =
        Compaction.of(store)
            .reporting(
                (bytes, total) -> {
                  told.add(bytes);
                  totals.add(total);
                })
            .run();

    assertThat(told).isSorted().startsWith(0L).endsWith(totals.get(0));
    assertThat(totals).containsOnly(totals.get(0));
    assertThat(totals.get(0)).isBetween(result.bytesBefore() / 2, result.bytesBefore());
  }

  @Test
  void whatAListenerThrowsEndsItAndHarmsNothing() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    Compaction failing =
        Compaction.of(store)
            .reporting(
                (bytes, total) -> {
                  throw new IllegalStateException("enough");
                });

    assertThatThrownBy(failing::run).hasMessage("enough");

    assertThat(content(store)).isEqualTo(before);
    compact(store);
    assertThat(compact(store).rewritten()).isZero();
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void anInterruptedCallLeavesASoundStore() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    Compaction interrupted =
        Compaction.of(store).reporting((bytes, total) -> Thread.currentThread().interrupt());

    assertThatThrownBy(interrupted::run).isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isFalse();
    assertThat(content(store)).isEqualTo(before);
    restart();
    store = open();
    assertThat(content(store)).isEqualTo(before);
    compact(store);
    assertThat(content(store)).isEqualTo(before);
  }

  @Test
  void ofTwoAtOnceOneComesAfterTheOther() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    List<CompletableFuture<CompactionResult>> second = new ArrayList<>();

    CompactionResult first =
        Compaction.of(store)
            .reporting(
                (bytes, total) -> {
                  if (second.isEmpty()) {
                    second.add(CompletableFuture.supplyAsync(() -> uninterrupted(store)));
                  }
                })
            .run();

    assertThat(first.rewritten()).isPositive();
    assertThat(second.get(0).join().rewritten()).isZero();
    assertThat(content(store)).isEqualTo(before);
  }

  private static CompactionResult uninterrupted(KeyValueStore store) {
    try {
      return compact(store);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

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
  void aFailingDiskLosesNothingAndItCanBeTriedAgain() throws Exception {
    SimulatedDisk disk = new SimulatedDisk(temp.resolve("data/main"));
    Map<String, String> before;
    try (StoreRegistry failing = new NadbRegistryProvider().create(time, disk)) {
      KeyValueStore store = failing.open(url());
      fillWithAQuarterOfGarbage(store);
      before = content(store);
      int begun = disk.count();
      disk.failing(index -> index > begun + 4 ? SimulatedDisk.Fault.REFUSED : null);

      assertThatThrownBy(() -> compact(store))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("nothing is lost");

      disk.heal();
      assertThat(content(store)).isEqualTo(before);
      assertThat(compact(store).bytesAfter()).isLessThan(KEYS * (VALUE_BYTES + 120L));
      assertThat(content(store)).isEqualTo(before);
    }
    assertThat(content(open())).isEqualTo(before);
  }

  @Test
  void whoClosesTheStoreMeanwhileEndsIt() throws Exception {
    KeyValueStore store = open();
    fillWithAQuarterOfGarbage(store);
    Map<String, String> before = content(store);
    Compaction closing = Compaction.of(store).reporting((bytes, total) -> registry.close());

    assertThatThrownBy(closing::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");

    assertThatThrownBy(() -> compact(store))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    restart();
    assertThat(content(open())).isEqualTo(before);
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

  @Test
  void whoHasNoFilesOrMayNotWriteThemSaysSo() {
    KeyValueStore store = open();
    store.set("a", utf8("1"));
    store.flush();
    assertThat(store.capabilities()).contains(StoreCapability.COMPACTION, StoreCapability.BACKUPS);
    KeyValueStore memory = registry.open("nadb:mem:test");
    assertThat(memory.capabilities())
        .doesNotContain(StoreCapability.COMPACTION, StoreCapability.BACKUPS);
    assertThatThrownBy(() -> compact(memory))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("has no files of its own")
        .hasMessageContaining("only nadb:fs: can");
    try (StoreRegistry readers = StoreRegistry.create(time)) {
      KeyValueStore reader = readers.open("nadb:fs:" + temp.resolve("data") + "?access=read");
      assertThat(reader.capabilities())
          .contains(StoreCapability.BACKUPS)
          .doesNotContain(StoreCapability.COMPACTION);
      assertThatThrownBy(() -> compact(reader))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("access=read");
    }
  }

  @Test
  void aStoreOfSomebodysOwnHasToPassItOn() {
    KeyValueStore store = open();
    KeyValueStore other =
        (KeyValueStore)
            Proxy.newProxyInstance(
                KeyValueStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> method.invoke(store, arguments));

    assertThatThrownBy(() -> Compaction.of(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("io.nadb.spi.CompactableStore");
  }
}
