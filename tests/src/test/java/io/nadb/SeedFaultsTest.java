package io.nadb;

import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.testing.Crash;
import io.nadb.testing.Faults;
import io.nadb.testing.FaultyDriver;
import io.nadb.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proven faults of the system that NADB grew from; W1 to W8 lost or hid data. */
class SeedFaultsTest {
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);
  private final Faults faults = FaultyDriver.install(registry, "fs");
  @TempDir private Path directory;

  @AfterEach
  void close() {
    faults.release();
    registry.close();
  }

  private KeyValueStore open(String options) {
    return registry.open("nadb:fs:" + directory.resolve("data") + "?" + options);
  }

  @Test
  void w1TheTimerFlushesAPartlyFilledBuffer() {
    KeyValueStore store = open("flush=1s");
    store.set("k", utf8("v"));
    time.advance(ofSeconds(1));

    assertThat(store.stats().bufferedKeys()).isZero();
    assertThat(store.stats().keys()).isEqualTo(1);
  }

  @Test
  void w1ClosingTheRegistryFlushesWhatIsBelowTheBufferSize() {
    KeyValueStore store = open("flush=off");
    for (int i = 0; i < 100; i++) {
      store.set("k" + i, utf8("v"), SetOptions.tags("t"));
    }
    registry.close();
    try (StoreRegistry next = StoreRegistry.create(time)) {
      KeyValueStore again = next.open("nadb:fs:" + directory.resolve("data"));
      assertThat(again.queryByTags("t")).hasSize(100);
      again.keys("").forEach(key -> assertThat(text(again, key)).contains("v"));
    }
  }

  @Test
  void w2CleanupLeavesAKeyThatExpiresLaterToday() {
    KeyValueStore store = open("flush=1s&sweep=60s");
    store.set("k", utf8("v"), SetOptions.ttl(java.time.Duration.ofHours(1)));
    time.advance(ofSeconds(3599));

    assertThat(store.cleanupExpired()).isZero();
    assertThat(text(store, "k")).contains("v");
    time.advance(ofSeconds(1));
    assertThat(store.get("k")).as("gone before the next sweep").isEmpty();
  }

  @Test
  void w3ThousandsOfKeysNeedNoLuckWithLocks() {
    KeyValueStore store = open("buffer=64kb");
    for (int i = 0; i < 5000; i++) {
      store.set("k" + i, utf8("v" + i));
    }
    for (int i = 0; i < 5000; i++) {
      assertThat(text(store, "k" + i)).contains("v" + i);
    }
  }

  @Test
  void w4AFlushUnderWayHidesNothingAndUndoesNothing() throws Exception {
    KeyValueStore store = open("flush=off");
    store.set("read", utf8("v"));
    store.set("deleted", utf8("v"));
    store.set("overwritten", utf8("old"));
    faults.block();
    Thread flush = new Thread(store::flush);
    flush.start();
    faults.awaitBlocked();
    store.delete("deleted");
    store.set("overwritten", utf8("new"), SetOptions.ttl(ofSeconds(10)));
    assertThat(text(store, "read")).contains("v");
    faults.release();
    flush.join();

    assertThat(store.contains("deleted")).isFalse();
    assertThat(text(store, "overwritten")).contains("new");
    assertThat(store.metadata("overwritten").orElseThrow().expiresAt()).isPresent();
  }

  @Test
  void w5StoresInDifferentFoldersKeepTheirRowsApart() throws Exception {
    KeyValueStore a = registry.open("nadb:fs:" + directory.resolve("a"));
    KeyValueStore b = registry.open("nadb:fs:" + directory.resolve("b"));
    a.set("k", utf8("a"), SetOptions.tags("t"));
    b.set("k", utf8("b"), SetOptions.tags("t"));
    a.flush();
    b.flush();
    assertThat(b.queryByTags("t")).hasSize(1);
    a.close();

    assertThat(text(b, "k")).contains("b");
    Thread other = new Thread(() -> assertThat(b.queryByTags("t")).hasSize(1));
    Throwable[] thrown = new Throwable[1];
    other.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
    other.start();
    other.join();
    assertThat(thrown[0]).isNull();
  }

  @Test
  void w6ACrashOfABufferedOverwriteLeavesTheOldEntryWhole() throws Exception {
    KeyValueStore store = open("flush=off");
    store.set("k", utf8("old"), SetOptions.tags("old"));
    store.flush();
    store.queryByTags("old");
    store.set("k", utf8("newer"), SetOptions.tags("new"));
    Path copy = Crash.copy(directory.resolve("data"), directory.resolve("copy"));
    try (StoreRegistry next = StoreRegistry.create(time)) {
      KeyValueStore crashed = next.open("nadb:fs:" + copy);

      assertThat(text(crashed, "k")).contains("old");
      assertThat(crashed.metadata("k").orElseThrow().size()).isEqualTo(3);
      assertThat(crashed.tags()).isEqualTo(Map.of("old", 1L));
    }
  }

  @Test
  void w7SeparatorsInNamesAndValuesMeanNothing() {
    KeyValueStore a = open("namespace=a&flush=off");
    KeyValueStore ab = open("namespace=a:b&flush=off");
    a.set("b:c", utf8("1"), SetOptions.tags("x,y"));
    ab.set("c", utf8("CMP:2"));
    a.flush();

    assertThat(text(a, "b:c")).contains("1");
    assertThat(text(ab, "c")).contains("CMP:2");
    assertThat(a.queryByTags("x")).isEmpty();
    assertThat(a.queryByTags("x,y")).hasSize(1);
  }

  @Test
  void w8CleanupLeavesOtherNamespacesBufferedKeys() {
    KeyValueStore a = open("namespace=a&flush=off");
    KeyValueStore b = open("namespace=b&flush=off");
    a.set("same", utf8("a"), SetOptions.ttl(ofSeconds(1)));
    a.flush();
    b.set("same", utf8("b"));
    time.advance(ofSeconds(1));

    assertThat(a.cleanupExpired()).isEqualTo(1);
    assertThat(text(b, "same")).contains("b");
  }

  @Test
  void queriesFollowRetaggingDeletionAndClearing() {
    KeyValueStore store = open("flush=off");
    store.set("untagged", utf8("v"), SetOptions.tags("t"));
    store.set("deleted", utf8("v"), SetOptions.tags("t"));
    assertThat(store.queryByTags("t")).hasSize(2);
    store.set("untagged", utf8("v"));
    store.delete("deleted");
    assertThat(store.queryByTags("t")).isEmpty();
    store.set("cleared", utf8("v"), SetOptions.tags("t"));
    store.clear();
    assertThat(store.queryByTags("t")).isEmpty();
  }

  @Test
  void aSetInAStoreWithALargeBufferDoesNoWorkOfAFlush() throws Exception {
    KeyValueStore store = open("flush=off");
    store.set("a", utf8("v"));
    faults.block();
    Thread flush = new Thread(store::flush);
    flush.start();
    faults.awaitBlocked();
    store.set("b", utf8("v"));
    assertThat(store.stats().bufferedKeys()).isEqualTo(2);
    faults.release();
    flush.join();
  }

  @Test
  void deletingAbsentKeysLeavesNothingBehind() {
    KeyValueStore store = open("flush=off");
    for (int i = 0; i < 3000; i++) {
      assertThat(store.delete("k" + i)).isFalse();
    }
    assertThat(store.stats().bufferedBytes()).isZero();
    assertThat(store.stats().sequence()).isZero();
  }

  @Test
  void aClosedStoreIsNoLongerServed() {
    open("flush=off").close();

    assertThat(registry.status().stores()).isEmpty();
    assertThat(registry.status().running()).isFalse();
  }

  @Test
  void closingDoesNotWaitOutTheInterval() {
    KeyValueStore store = open("flush=365d");
    store.set("k", utf8("v"));
    store.close(); // No time passes: a wait for the interval would never end.
    assertThat(store.stats().flushCount()).isEqualTo(1);
  }

  @Test
  void aDatabaseNameCannotLeaveTheFolder() {
    open("db=../y").close();

    assertThat(directory.toFile().list()).containsExactly("data");
  }

  @Test
  void aTypoInTheBackendIsAnErrorAndNoOtherBackend() {
    assertThatThrownBy(() -> registry.open("nadb:fss:./data"))
        .hasMessageStartingWith("No driver for the scheme 'fss'");
  }

  @Test
  void aFlushThatFailsIsNoSecret() {
    KeyValueStore store = open("flush=1s");
    store.set("k", utf8("v"));
    faults.fail("no space left on device");
    time.advance(ofSeconds(1));

    assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
    assertThatThrownBy(store::flush).hasMessageContaining("no space left on device");
    faults.heal();
  }

  @Test
  void aPlainSetEndsAnEarlierTtl() {
    KeyValueStore store = open("flush=1s");
    store.set("k", utf8("v"), SetOptions.ttl(ofSeconds(10)));
    store.set("k", utf8("w"));
    time.advance(ofSeconds(100));

    assertThat(text(store, "k")).contains("w");
  }

  @Test
  void clearingOneNamespaceLeavesNamesThatOnlyLookAlike() {
    List<KeyValueStore> others =
        List.of(open("namespace=a*"), open("namespace=ab"), open("namespace=a:b"));
    others.forEach(store -> store.set("k", utf8("v")));
    KeyValueStore a = open("namespace=a");
    a.set("k", utf8("v"));
    a.clear();

    assertThat(others).allMatch(store -> store.contains("k"));
  }
}
