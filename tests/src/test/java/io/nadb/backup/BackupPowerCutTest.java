package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power after every single operation of backups, prunings and restores, and has each
 * operation fail: whatever is found is whole, and what had been made is there.
 */
@Tag("proof")
class BackupPowerCutTest {
  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private Path world;
  private SimulatedDisk disk;

  /** What a store had at each sequence number of which there is a backup. */
  private final Map<Long, Map<String, String>> contents = new HashMap<>();

  /** Something that must be there when so many operations have been done. */
  private record Made(int count, String name) {}

  private final List<Made> made = new ArrayList<>();
  private final List<Made> deleted = new ArrayList<>();
  private int restored = Integer.MAX_VALUE;

  /** As of the first flush. */
  private int restoredEarlier = Integer.MAX_VALUE;

  @BeforeEach
  void begin() throws IOException {
    world = Files.createDirectory(temp.resolve("world"));
    disk = new SimulatedDisk(world);
  }

  private static String url(Path at, String name, String more) {
    return "nadb:fs:" + at.resolve(name) + "?flush=off&segment=64kb&metadata=none" + more;
  }

  private void fill(KeyValueStore store, int round) {
    for (int i = 0; i < 12; i++) {
      store.set("key" + i, (round + "x".repeat(3000)).getBytes(UTF_8));
      if (i % 6 == 5) {
        store.flush();
      }
    }
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new TreeMap<>();
    store.keys("").forEach(key -> found.put(key, new String(store.get(key).orElseThrow(), UTF_8)));
    return found;
  }

  private static String name(Backup backup) {
    return String.valueOf(backup.directory().getFileName());
  }

  private Backup create(KeyValueStore store) {
    contents.put(store.stats().sequence(), content(store));
    Backup backup = Backups.at(world.resolve("backups"), disk).create(store);
    made.add(new Made(disk.count(), name(backup)));
    return backup;
  }

  private void run() {
    try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
        KeyValueStore store = registry.open(url(world, "data", ""))) {
      Backups backups = Backups.at(world.resolve("backups"), disk);
      fill(store, 1);
      create(store);
      Instant first = time.now();
      time.advance(Duration.ofMinutes(1));
      fill(store, 2);
      Backup second = create(store);
      second.restore(world.resolve("restored"));
      restored = disk.count();
      second.restore(world.resolve("earlier"), first.plusSeconds(1));
      restoredEarlier = disk.count();
      store.set("key1", "last".getBytes(UTF_8));
      create(store);
      int before = disk.count();
      backups.prune(Retention.last(2)).forEach(gone -> deleted.add(new Made(before, name(gone))));
    }
  }

  @Test
  void whateverAPowerCutLeavesEachBackupIsWholeAndAllThatWereMadeAreThere() throws IOException {
    run();
    CrashImage image = new CrashImage(disk);
    int images = 0;
    for (int count = 0; count <= disk.count(); count++) {
      image.advance(disk.operations(), count);
      List<Fate> fates =
          image.isCertain()
              ? List.of(Fate.KEPT)
              : List.of(
                  Fate.KEPT, Fate.LOST, Fate.NAMES_KEPT, Fate.TORN, Fate.MOMENTS, Fate.RANDOM);
      for (Fate fate : fates) {
        Path to = temp.resolve("image" + images++);
        image.writeAll(world, to, fate, new Random(count));
        check(to, count, fate);
        delete(to);
      }
    }
    System.out.println(images + " images of " + disk.count() + " operations");
  }

  private void check(Path image, int count, Fate fate) {
    String what = fate + " after operation " + count;
    Backups backups = Backups.at(image.resolve("backups"));
    List<Backup> found = backups.list();
    List<String> names = found.stream().map(BackupPowerCutTest::name).toList();
    for (Made one : made) {
      boolean mayBeGone =
          deleted.stream().anyMatch(gone -> gone.name.equals(one.name) && gone.count < count);
      if (one.count <= count && !mayBeGone) {
        assertThat(names).as(what).contains(one.name);
      }
    }
    for (Backup backup : found) {
      try {
        backup.verify();
      } catch (NadbException e) {
        throw new AssertionError(what + ": " + e.getMessage(), e);
      }
      assertIs(backup.directory(), backup.sequence(), "&access=read", what);
    }
    if (count <= restored || count == disk.count()) { // In between, nobody touches it.
      checkRestored(image.resolve("restored"), restored <= count, 24, what);
    }
    if (count <= restoredEarlier || count == disk.count()) {
      checkRestored(image.resolve("earlier"), restoredEarlier <= count, 12, what);
    }
    if (!found.isEmpty() && count % 7 == 0) {
      Path again = image.resolve("again");
      found.get(found.size() - 1).restore(again);
      assertIs(again, found.get(found.size() - 1).sequence(), "", what);
    }
  }

  private void checkRestored(Path target, boolean mustBeThere, long sequence, String what) {
    if (mustBeThere) {
      assertThat(target).as(what).exists();
    }
    if (Files.exists(target)) {
      assertIs(target, sequence, "", what);
      assertIs(target, sequence, "", what + ", opened again");
    }
  }

  private void assertIs(Path location, long sequence, String more, String what) {
    Path parent = Objects.requireNonNull(location.getParent());
    String name = String.valueOf(location.getFileName());
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open(url(parent, name, more))) {
      assertThat(content(store)).as(what).isEqualTo(contents.get(sequence));
    } catch (NadbException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Whichever operation fails: what there was is whole, and the next attempt succeeds. */
  @Test
  void whicheverOperationFailsTheBackupsThatThereAreStayWhole() {
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open(url(world, "data", ""))) {
      Backups backups = Backups.at(world.resolve("backups"), disk);
      fill(store, 1);
      create(store);
      Instant first = time.now();
      time.advance(Duration.ofMinutes(1));
      fill(store, 2);
      contents.put(store.stats().sequence(), content(store));
      int failures = 0;
      for (boolean more = true; more; failures++) {
        int failing = disk.count() + failures;
        SimulatedDisk.Fault fault =
            failures % 2 == 0 ? SimulatedDisk.Fault.REFUSED : SimulatedDisk.Fault.HALF_DONE;
        disk.failing(index -> index == failing ? fault : null);
        Path target = world.resolve("restored" + failures);
        Path earlier = world.resolve("earlier" + failures);
        try {
          Backup backup = backups.create(store);
          backup.restore(target);
          backup.restore(earlier, first);
          backups.prune(Retention.last(1));
          more = disk.count() >= failing;
        } catch (NadbException e) {
          assertThat(e).hasMessageContaining("simulated I/O error");
        }
        disk.heal();
        List<Backup> found = backups.list();
        assertThat(found).isNotEmpty().allSatisfy(Backup::verify);
        String what = "restored, although operation " + failures + " failed";
        checkRestored(target, false, 24, what);
        checkRestored(earlier, false, 12, what);
      }
      assertThat(failures).isGreaterThan(30);
      backups.create(store);
      assertThat(world.resolve("backups")).isDirectoryNotContaining("glob:**.{partial,deleting}");
    }
  }

  @Test
  void aFullDiskAnywhereLeavesNothingBehind() {
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open(url(world, "data", ""))) {
      Backups backups = Backups.at(world.resolve("backups"), disk);
      fill(store, 1);
      contents.put(store.stats().sequence(), content(store));
      for (int free = 0; free < 30_000; free += 3_000) {
        disk.limitFreeBytes(free);
        assertThatThrownBy(() -> backups.create(store))
            .isInstanceOf(NadbException.class)
            .hasMessageContaining("No space left on device");
        assertThat(backups.list()).isEmpty();
        assertThat(world.resolve("backups")).isDirectoryNotContaining("glob:**.partial");
      }
      disk.heal();
      Backup backup = backups.create(store);
      Instant moment = time.now();
      for (int free = 0; free < 30_000; free += 3_000) {
        disk.limitFreeBytes(free);
        for (Instant as : List.of(moment, Instant.MAX)) {
          assertThatThrownBy(() -> restore(backup, as))
              .isInstanceOf(NadbException.class)
              .hasMessageContaining("No space left on device");
          assertThat(world).isDirectoryNotContaining("glob:**restored*");
        }
      }
      disk.heal();
      restore(backup, moment);
      checkRestored(world.resolve("restored"), true, 12, "on a disk with room");
    }
  }

  /** Restores to a moment; {@link Instant#MAX}: all. */
  private void restore(Backup backup, Instant moment) {
    Path target = world.resolve("restored");
    if (moment.equals(Instant.MAX)) {
      backup.restore(target);
    } else {
      backup.restore(target, moment);
    }
  }
}
