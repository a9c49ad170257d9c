package io.nadb.contract;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.Snapshot;
import io.nadb.StoreRegistry;
import io.nadb.testing.CountedTime;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testing.Warnings;
import io.nadb.testkit.VirtualTime;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What snapshots hold of a store in files, what that costs, and how it is let go. */
class SnapshotsTest {
  private static final int KEYS = 60;

  /** So many compactions a snapshot outlives. */
  private static final int COMPACTIONS = Integer.getInteger("nadb.snapshot.compactions", 60);

  private final VirtualTime virtual = new VirtualTime();
  private final CountedTime time = new CountedTime(virtual);
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults = FaultyDriver.install(registry, "fs");
  @TempDir private Path directory;
  private KeyValueStore store;

  @BeforeEach
  void open() {
    store =
        registry.open(
            "nadb:fs:" + directory + "?segment=64kb&buffer=64kb&flush=5s&sweep=60s&metadata=none");
  }

  @AfterEach
  void close() {
    faults.heal();
    registry.close();
  }

  /** Overwrites everything, and lets compaction do its work. */
  private void overwrite(int round) {
    for (int i = 0; i < KEYS; i++) {
      SetOptions options = i % 2 == 0 ? SetOptions.tags("even") : SetOptions.none();
      store.set("key" + i, random(1000 + 7 * round + i), options);
    }
    virtual.advance(Duration.ofSeconds(5));
  }

  private static Map<String, ByteBuffer> all(Snapshot snapshot) {
    Map<String, ByteBuffer> all = new HashMap<>();
    for (String key : snapshot.keys("")) {
      all.put(key, ByteBuffer.wrap(snapshot.get(key).orElseThrow()));
    }
    return all;
  }

  @Test
  void aSnapshotOutlivesCompactions() {
    overwrite(0);
    Map<Snapshot, Map<String, ByteBuffer>> snapshots = new HashMap<>();
    for (int round = 1; round <= 120; round++) {
      if (round % 30 == 1) {
        Snapshot snapshot = store.snapshot();
        snapshots.put(snapshot, all(snapshot));
      }
      overwrite(round);
      if (round % 40 == 0) {
        store.touch("key1", Duration.ofDays(1));
        store.delete("key2");
      }
    }
    assertThat(store.stats().compactions()).isGreaterThan(20);
    snapshots.forEach(
        (snapshot, content) -> {
          assertThat(all(snapshot)).isEqualTo(content);
          assertThat(snapshot.queryByTags("even")).hasSize(KEYS / 2);
          snapshot.close();
        });
  }

  /** Closed late, and in the midst of it others are opened and closed, or never closed. */
  @Test
  void aSnapshotOutlivesVeryManyCompactions() {
    overwrite(0);
    Snapshot first = store.snapshot();
    Map<String, ByteBuffer> content = all(first);
    for (int round = 1; store.stats().compactions() < COMPACTIONS; round++) {
      for (int i = 0; i < 5; i++) {
        store.set("large" + i, new byte[20_000]);
      }
      store.set("round", utf8("" + round));
      if (round % 20 == 0) {
        assertThat(store.snapshot().get("round")).hasValue(utf8("" + round)); // Never closed.
      }
      virtual.advance(Duration.ofSeconds(5));
      assertThat(round).as("rounds").isLessThan(5 * COMPACTIONS);
    }
    assertThat(all(first)).isEqualTo(content);
    assertThat(first.queryByTags("even")).hasSize(KEYS / 2);
    first.close();
    store.namespace("another").set("k", utf8("v"));
    assertThat(store.get("key1")).isPresent();
  }

  @Test
  void anIndexThatCompactionMovesInTheMidstOfAnAnswerDoesNotShow() {
    overwrite(0);
    Snapshot snapshot = store.snapshot();
    Map<String, ByteBuffer> content = all(snapshot);
    long before = store.stats().compactions();
    int[] round = {0};
    boolean[] amid = {false};
    faults.whileAnswering(
        () -> {
          if (!amid[0] && round[0] < 12) {
            amid[0] = true;
            overwrite(++round[0]);
            amid[0] = false;
          }
        });
    assertThat(all(snapshot)).isEqualTo(content);
    faults.whileAnswering(() -> {});
    assertThat(round[0]).isEqualTo(12);
    assertThat(store.stats().compactions()).as("compactions in the midst").isGreaterThan(before);
    snapshot.close();
  }

  @Test
  void whatHasBeenReplacedCostsSomeBytesOfMemory() {
    overwrite(0);
    try (Snapshot snapshot = store.snapshot()) {
      assertThat(store.stats().snapshotBytes()).isZero();
      store.delete("key1");
      store.set("key2", utf8("later"));
      store.flush();
      assertThat(store.stats().snapshotBytes()).isBetween(2 * 32L, 500L);
      assertThat(snapshot.size()).isEqualTo(KEYS);
    }
  }

  @Test
  void whatASnapshotKeepsOfFilesIsGivenBackWhenItIsClosed() {
    overwrite(0);
    Snapshot snapshot = store.snapshot();
    for (int round = 1; round < 10; round++) {
      overwrite(round);
    }
    assertThat(store.stats().snapshotBytes()).isGreaterThan(50_000);
    snapshot.close();
    assertThat(store.stats().snapshotBytes()).isZero();

    try (Snapshot later = store.snapshot()) {
      assertThat(store.stats().snapshotBytes()).as("nothing of the one before").isZero();
      assertThat(later.size()).isEqualTo(KEYS);
    }
  }

  @Test
  void anOpenSnapshotWakesTheBackgroundThreadEverMoreRarely() {
    overwrite(0);
    try (Snapshot snapshot = store.snapshot()) {
      for (int round = 1; round < 10; round++) {
        overwrite(round);
      }
      virtual.advance(Duration.ofMinutes(1));
      long before = time.wakeUps();
      virtual.advance(Duration.ofMinutes(10));
      assertThat(time.wakeUps() - before).isLessThanOrEqualTo(10 * 60 / 5 + 15);
      assertThat(snapshot.size()).isEqualTo(KEYS);
    }
  }

  @Test
  void aSnapshotThatIsClosedInTheMidstOfAnAnswerGivesItAllTheSame() {
    overwrite(0);
    Snapshot snapshot = store.snapshot();
    List<String> keys = snapshot.keys("");
    faults.whileAnswering(
        () -> {
          snapshot.close();
          overwriteOnce();
        });
    assertThat(snapshot.keys("")).isEqualTo(keys);
    faults.whileAnswering(() -> {});
    assertThatThrownBy(() -> snapshot.keys("")).isInstanceOf(IllegalStateException.class);
    assertThat(store.stats().openSnapshots()).isZero();
  }

  private void overwriteOnce() {
    store.set("key1", utf8("later"));
    store.delete("key3");
    store.flush();
  }

  @Test
  void aStoreThatIsClosedWithASnapshotOpenSaysWhereThatWasOpened() {
    Warnings warnings = Warnings.listen();
    Snapshot snapshot = store.snapshot();
    store.close();

    assertThat(warnings.texts())
        .singleElement()
        .asString()
        .contains("a snapshot was open when the store was closed")
        .contains(store.name());
    snapshot.close();
  }

  @Test
  void aSnapshotWhoseStoreIsClosedInTheMidstOfAnAnswerEndsWithAnErrorOrTheAnswer() {
    overwrite(0);
    Snapshot snapshot = store.snapshot();
    List<String> keys = snapshot.keys("");
    faults.whileAnswering(store::close);
    assertThat(snapshot.keys("")).isEqualTo(keys);
    assertThatThrownBy(() -> snapshot.get("key1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the store is closed");
  }
}
