package io.nadb.repair;

import static io.nadb.repair.DamagedStores.OPTIONS;
import static io.nadb.repair.DamagedStores.content;
import static io.nadb.repair.DamagedStores.delete;
import static io.nadb.repair.DamagedStores.flip;
import static io.nadb.repair.DamagedStores.segments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.Entry;
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
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power after every single operation of a repair, and has each operation fail: the new
 * store is whole or not there, and the next repair makes it.
 */
@Tag("proof")
class RepairPowerCutTest {
  /** Of so many images without the new store one is repaired once more. */
  private static final int AGAIN = Integer.getInteger("nadb.repair.again", 9);

  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private Path world;
  private SimulatedDisk disk;

  /** What can be saved. */
  private Map<String, Entry> expected;

  @BeforeEach
  void damage() throws IOException {
    world = Files.createDirectory(temp.resolve("world"));
    Path damaged = world.resolve("damaged");
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open("nadb:fs:" + damaged + OPTIONS)) {
      DamagedStores.fill(store, time);
    }
    Path first = segments(damaged).get(0);
    flip(first, Files.size(first) / 2);
    disk = new SimulatedDisk(world);
    RepairResult result = Repair.of(damaged).to(temp.resolve("expected"));
    assertThat(result.findings()).as("there is something to repair").isNotEmpty();
    expected = content(temp.resolve("expected"), time);
    assertThat(expected).hasSizeGreaterThan(50);
  }

  private RepairResult repair(String target) {
    return Repair.of(
            world.resolve("damaged"), disk, () -> new NadbRegistryProvider().create(time, disk))
        .to(world.resolve(target));
  }

  @Test
  void whateverAPowerCutLeavesTheNewStoreIsWholeOrNotThereAndTheNextRepairMakesIt()
      throws IOException {
    repair("saved");
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
        check(to, count, images % AGAIN == 0, fate + " after operation " + count);
        delete(to);
      }
    }
    System.out.println(images + " images of " + disk.count() + " operations");
  }

  private void check(Path image, int count, boolean again, String what) throws IOException {
    Path saved = image.resolve("saved");
    if (count == disk.count()) {
      assertThat(saved).as(what).exists();
    }
    if (Files.exists(saved)) {
      assertIsWhole(saved, what);
      assertIsWhole(saved, what + ", opened again");
    } else if (again) {
      Path partial = image.resolve("saved.partial");
      if (Files.exists(partial)) {
        assertThatThrownBy(() -> Repair.of(image.resolve("damaged")).to(saved))
            .as(what)
            .isInstanceOf(NadbException.class)
            .hasMessageContaining(partial.toString())
            .hasMessageContaining("delete it");
        delete(partial);
      }
      Repair.of(image.resolve("damaged")).to(saved);
      assertIsWhole(saved, what + ", repaired once more");
    }
  }

  private void assertIsWhole(Path saved, String what) {
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open("nadb:fs:" + saved + OPTIONS)) {
      assertThat(content(store)).as(what).isEqualTo(expected);
    } catch (NadbException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  @Test
  void whicheverOperationFailsThereIsNoNewStoreOrAWholeOneAndTheNextRepairMakesIt()
      throws IOException {
    int failures = 0;
    for (boolean more = true; more; failures++) {
      int failing = disk.count() + failures;
      SimulatedDisk.Fault fault =
          failures % 2 == 0 ? SimulatedDisk.Fault.REFUSED : SimulatedDisk.Fault.HALF_DONE;
      disk.failing(index -> index == failing ? fault : null);
      String what = fault + " of operation " + failures;
      Path saved = world.resolve("saved");
      try {
        repair("saved");
        more = disk.count() > failing;
        assertThat(saved).as(what).exists();
      } catch (NadbException e) {
        assertThat(e).as(what).hasMessageContaining("simulated I/O error");
      }
      disk.heal();
      if (Files.exists(saved)) {
        assertIsWhole(saved, what);
        delete(saved);
      }
      assertThat(world.resolve("saved.partial")).as(what).doesNotExist();
    }
    assertThat(failures).isGreaterThan(15);
    repair("saved");
    assertIsWhole(world.resolve("saved"), "at last");
  }

  @Test
  void aFullDiskAnywhereLeavesNothingBehind() {
    for (int free = 0; free < 40_000; free += 2_000) {
      disk.limitFreeBytes(free);
      assertThatThrownBy(() -> repair("saved"))
          .isInstanceOf(NadbException.class)
          .hasMessageContaining("No space left on device");
      assertThat(world).isDirectoryNotContaining("glob:**saved*");
    }
    disk.heal();
    repair("saved");
    assertIsWhole(world.resolve("saved"), "on a disk with room");
  }
}
