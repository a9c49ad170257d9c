package io.nadb.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.DiskOperation;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is merely written may be lost, but must take nothing else with it. */
class WrittenDurabilityTest {
  @TempDir Path temp;
  private final VirtualTime time = new VirtualTime();
  private SimulatedDisk disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new SimulatedDisk(temp.resolve("store/main"));
  }

  private String url(String directory) {
    return "nadb:fs:"
        + temp.resolve(directory)
        + "?buffer=1mb&segment=64kb&flush=off&sweep=1s&durability=written";
  }

  private StoreRegistry registry() {
    return new NadbRegistryProvider().create(time, disk);
  }

  private void crash(Fate fate) throws IOException {
    CrashImage image = new CrashImage(disk);
    image.advance(disk.operations(), disk.count());
    image.write(temp.resolve("store/main"), temp.resolve("image/main"), fate, new Random(1));
    disk = new SimulatedDisk(temp.resolve("image/main"));
  }

  @Test
  void aDeletionThatAFailedSyncTookBackIsWrittenAgain() throws IOException {
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("store"))) {
      store.set("key", new byte[10]);
      store.flush();
      store.delete("key");
      disk.failing(index -> SimulatedDisk.Fault.REFUSED);
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      disk.heal();
      store.flush();
      crash(Fate.KEPT);
    }
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("image"))) {
      assertThat(store.get("key")).isEmpty();
      assertThat(store.keys("")).isEmpty();
    }
  }

  /** The log had the value when it was touched, and then no more. */
  @Test
  void aTouchOfAValueThatAFailedSyncTookBackIsWrittenWithIt() throws IOException {
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("store"))) {
      store.set("key", "before".getBytes(UTF_8));
      store.set("old", "old".getBytes(UTF_8));
      store.flush();
      store.touch("old", Duration.ofHours(3));
      store.set("key", "value".getBytes(UTF_8));
      store.touch("key", Duration.ofHours(1));
      disk.failing(index -> SimulatedDisk.Fault.REFUSED);
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      disk.heal();
      store.touch("key", Duration.ofHours(2));
      assertThat(store.get("key")).hasValue("value".getBytes(UTF_8));
      store.flush();
      crash(Fate.LOST);
    }
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("image"))) {
      assertThat(store.get("key")).hasValue("value".getBytes(UTF_8));
      assertThat(store.metadata("key").orElseThrow().expiresAt())
          .contains(time.now().plus(Duration.ofHours(2)));
      assertThat(store.get("old")).hasValue("old".getBytes(UTF_8));
      assertThat(store.metadata("old").orElseThrow().expiresAt())
          .contains(time.now().plus(Duration.ofHours(3)));
    }
  }

  @Test
  void compactionLeavesWhatOnlyUnsyncedWritesHaveReplaced() throws IOException {
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("store"))) {
      for (int i = 0; i < 20; i++) {
        store.set("key:" + i, new byte[8000]);
      }
      store.flush();
      for (int i = 0; i < 20; i++) {
        store.set("key:" + i, new byte[1]);
      }
      time.advance(Duration.ofSeconds(10));
      crash(Fate.LOST);
      assertThat(store.stats().compactions()).isZero();
      store.flush();
      time.advance(Duration.ofSeconds(10));
      assertThat(store.stats().compactions()).isPositive();
    }
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("image"))) {
      for (int i = 0; i < 20; i++) {
        assertThat(store.get("key:" + i)).as("key:%s", i).isPresent();
      }
    }
  }

  @Test
  void whatAKilledProcessHadWrittenIsSyncedBeforeItCountsAsDurable() throws IOException {
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("store"))) {
      store.set("key", new byte[10]);
      CrashImage.copy(temp.resolve("store/main"), temp.resolve("image/main"));
    }
    disk = new SimulatedDisk(temp.resolve("image/main"));
    try (StoreRegistry registry = registry();
        KeyValueStore store = registry.open(url("image"))) {
      assertThat(store.durableSequence()).isEqualTo(1);
      assertThat(disk.operations())
          .as("what opening did")
          .anyMatch(
              operation ->
                  operation.kind() == DiskOperation.Kind.SYNC
                      && operation.toString().contains("0000000001.seg"));
    }
  }
}
