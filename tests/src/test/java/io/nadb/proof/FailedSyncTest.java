package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.DiskOperation;
import io.nadb.testkit.disk.DiskOperation.Kind;
import io.nadb.testkit.disk.SimulatedDisk;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a process leaves whose syncs have failed: the next one sees it, and a power cut may come
 * right after that.
 */
class FailedSyncTest {
  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private SimulatedDisk disk;
  private int images;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new SimulatedDisk(temp.resolve("parent/store/main"));
  }

  private StoreRegistry registry(SimulatedDisk on) {
    return new NadbRegistryProvider().create(time, on);
  }

  private static String url(Path directory, String durability) {
    return "nadb:fs:"
        + directory
        + "?segment=64kb&flush=off&sweep=off&metadata=none&durability="
        + durability;
  }

  /** Fails everything from an operation on, apart from some. */
  private void failFrom(int first, int spared) {
    disk.failing(index -> index >= first && index - first != spared ? Fault.REFUSED : null);
  }

  @ParameterizedTest
  @CsvSource({
    // What succeeds after the first failure: nothing, the write, cutting the file, syncing that.
    "buffered, 0, -1",
    "buffered, 1, -1",
    "buffered, 1, 1",
    "buffered, 1, 2",
    "written, 0, -1",
    "written, 1, -1",
    "written, 1, 1",
    "written, 1, 2"
  })
  void whatTheNextProcessSeesIsWhatAPowerCutLeaves(String durability, int first, int spared)
      throws IOException {
    Path directory = temp.resolve("parent/store");
    KeyValueStore store = registry(disk).open(url(directory, durability));
    store.set("kept", new byte[] {1});
    store.flush();
    int before = disk.count();
    failFrom(before + first, spared);
    assertThatThrownBy(
            () -> {
              store.set("doubtful", new byte[] {2});
              store.flush();
            })
        .isInstanceOf(NadbException.class);
    disk.failing(index -> Fault.REFUSED);
    assertThatThrownBy(store::close).isInstanceOf(NadbException.class);
    disk.heal();
    Optional<byte[]> seen;
    int reopened;
    try (StoreRegistry registry = registry(disk)) {
      KeyValueStore again = registry.open(url(directory, durability));
      seen = again.get("doubtful");
      reopened = disk.count();
      again.set("second", new byte[] {3});
      again.flush();
    }
    assertImagesHold(reopened, durability, seen, Optional.empty());
    assertImagesHold(disk.count(), durability, seen, Optional.of(new byte[] {3}));
  }

  @ParameterizedTest
  @CsvSource({"1 5, false", "1 5, true", "1 3 5, true"})
  void aWriteThatWasReportedAsLostDoesNotComeBack(String refused, boolean reopens)
      throws IOException {
    Path directory = temp.resolve("parent/store");
    KeyValueStore store = registry(disk).open(url(directory, "buffered"));
    store.set("kept", new byte[] {1});
    store.flush();
    int from = disk.count();
    // The cut is written (0), synced (1), cut off (2), that is synced (3), the file is closed (4);
    // then the last flush begins a segment (5), and the rest is a hint.
    List<String> failing = List.of(refused.split(" ", -1));
    disk.failing(index -> failing.contains(Integer.toString(index - from)) ? Fault.REFUSED : null);
    store.set("doubtful", new byte[] {2});
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    assertThatThrownBy(store::close).hasMessageContaining("lost");
    disk.heal();
    if (reopens) {
      try (StoreRegistry registry = registry(disk)) {
        assertThat(registry.open(url(directory, "buffered")).get("doubtful")).isEmpty();
        assertImagesHold(disk.count(), "buffered", Optional.empty(), Optional.empty());
      }
    } else {
      assertImagesHold(disk.count(), "buffered", Optional.empty(), Optional.empty());
    }
  }

  @Test
  void aSegmentThatWasTakenBackDoesNotComeBackOnceTheStoreWasSeenWithoutIt() throws IOException {
    Path directory = temp.resolve("parent/store");
    KeyValueStore store = registry(disk).open(url(directory, "buffered"));
    store.set("kept", new byte[] {1});
    store.set("large", new byte[63_000]);
    store.flush();
    disk.failing(index -> isAfterTheFirstCutOfSegment2(index) ? Fault.REFUSED : null);
    store.set("doubtful", new byte[] {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2});
    store.set("larger", new byte[10_000]);
    assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
    assertThatThrownBy(store::close).hasMessageContaining("lost");
    assertThat(disk.operations())
        .anyMatch(it -> it.kind() == Kind.DELETE && it.path().toString().endsWith("2.seg"));
    disk.heal();
    try (StoreRegistry registry = registry(disk)) {
      assertThat(registry.open(url(directory, "buffered")).get("doubtful")).isEmpty();
      assertImagesHold(disk.count(), "buffered", Optional.empty(), Optional.empty());
    }
  }

  /** Neither the cut's sync succeeds, nor that of cutting it off, nor what comes after deleting. */
  private boolean isAfterTheFirstCutOfSegment2(int index) {
    List<DiskOperation> operations = disk.operations();
    int syncs = 0;
    boolean written = false;
    for (DiskOperation operation : operations) {
      if (operation.path().toString().endsWith("2.seg")) {
        written |= operation.kind() == Kind.WRITE;
        syncs += written && operation.kind() == Kind.SYNC ? 1 : 0;
        if (operation.kind() == Kind.DELETE) {
          return true;
        }
      }
    }
    Kind last = operations.get(index - 1).kind();
    return written && syncs < 2 && (last == Kind.WRITE || last == Kind.SET_LENGTH);
  }

  /** What the operating system has of the value is given up, and the touch stands for it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTouchOfAValueWhoseSyncHasFailedBringsTheValue(boolean touchedBefore) throws IOException {
    Path directory = temp.resolve("parent/store");
    try (StoreRegistry registry = registry(disk)) {
      KeyValueStore store = registry.open(url(directory, "written"));
      store.set("kept", new byte[] {1});
      store.flush();
      store.set("doubtful", new byte[] {2});
      if (touchedBefore) {
        store.touch("doubtful", Duration.ofHours(1));
      }
      disk.failing(
          index -> disk.operations().get(index - 1).kind() == Kind.WRITE ? Fault.REFUSED : null);
      assertThatThrownBy(store::flush).isInstanceOf(NadbException.class);
      disk.heal();
      if (!touchedBefore) {
        store.touch("doubtful", Duration.ofHours(1));
      }
      store.flush();

      assertThat(store.get("doubtful")).hasValue(new byte[] {2});
      assertImagesHold(disk.count(), "written", Optional.of(new byte[] {2}), Optional.empty());
    }
  }

  private void assertImagesHold(
      int count, String durability, Optional<byte[]> doubtful, Optional<byte[]> second)
      throws IOException {
    CrashImage image = new CrashImage(disk);
    image.advance(disk.operations(), count);
    List<Fate> fates = List.of(Fate.values());
    for (int i = 0; i < 3 * fates.size(); i++) {
      Fate fate = fates.get(i % fates.size());
      Path to = temp.resolve("image" + images++);
      Path from = temp.resolve("parent/store/main");
      image.write(from, to.resolve("main"), fate, new Random(i));
      try (StoreRegistry registry = registry(new SimulatedDisk(to.resolve("main")));
          KeyValueStore store = registry.open(url(to, durability))) {
        assertThat(store.get("kept")).as("%s: kept", fate).hasValue(new byte[] {1});
        assertThat(store.get("doubtful").map(List::of).isPresent())
            .as("%s: doubtful", fate)
            .isEqualTo(doubtful.isPresent());
        assertThat(store.get("second").isPresent())
            .as("%s: second", fate)
            .isEqualTo(second.isPresent());
      }
    }
  }

  @Test
  void namesOfDirectoriesAreSyncedUntilThatHasSucceeded() throws IOException {
    int failures = 0;
    for (int failing = 0; failing < 40; failing++) {
      Path parent = temp.resolve("try" + failing);
      Path directory = parent.resolve("store");
      SimulatedDisk here = new SimulatedDisk(directory.resolve("main"));
      int index = failing;
      here.failing(operation -> operation == index ? Fault.REFUSED : null);
      try (StoreRegistry registry = registry(here)) {
        registry.open(url(directory, "buffered"));
      } catch (NadbException e) {
        failures++;
      }
      here.heal();
      try (StoreRegistry registry = registry(here)) {
        KeyValueStore store = registry.open(url(directory, "buffered"));
        store.set("key", new byte[1]);
        store.flush();
        CrashImage image = new CrashImage(here);
        image.advance(here.operations(), here.count());
        Path to = temp.resolve("after" + failing);
        image.write(directory.resolve("main"), to.resolve("main"), Fate.LOST, new Random(1));
        try (StoreRegistry after = registry(new SimulatedDisk(to.resolve("main")));
            KeyValueStore left = after.open(url(to, "buffered"))) {
          assertThat(left.get("key")).as("operation %s failed at first", failing).isPresent();
        }
      }
    }
    assertThat(failures).isBetween(5, 39);
  }

  @Test
  void noFileHasTheNameOfASegmentBeforeItsHeaderIsOnDisk() throws IOException {
    try (StoreRegistry registry = registry(disk)) {
      KeyValueStore store = registry.open(url(temp.resolve("parent/store"), "buffered"));
      for (int i = 0; i < 10; i++) {
        store.set("key", new byte[20_000]);
        store.flush();
      }
    }
    List<DiskOperation> operations = disk.operations();
    assertThat(operations).anyMatch(it -> it.target().toString().endsWith("2.seg"));
    for (int i = 0; i < operations.size(); i++) {
      DiskOperation operation = operations.get(i);
      if (operation.kind() == Kind.CREATE) {
        assertThat(operation.path().toString()).doesNotEndWith(".seg");
      }
      if (operation.kind() == Kind.RENAME) {
        assertThat(
                operations.subList(0, i).stream()
                    .filter(it -> it.inode() == operation.inode())
                    .filter(it -> it.kind() == Kind.WRITE || it.kind() == Kind.SYNC)
                    .map(DiskOperation::kind))
            .as("before %s", operation)
            .endsWith(Kind.WRITE, Kind.SYNC);
      }
    }
  }
}
