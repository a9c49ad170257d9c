package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.internal.driver.NadbRegistryProvider;
import io.nadb.testing.CrashImage;
import io.nadb.testing.CrashImage.Fate;
import io.nadb.testing.DiskOperation;
import io.nadb.testing.DiskOperation.Kind;
import io.nadb.testing.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cuts the power after every single operation on the disk, and opens what may be left. */
class PowerCutTest {
  private static final int STEPS = Integer.getInteger("nadb.powercut.steps", 130);
  private static final int RANDOM_IMAGES = Integer.getInteger("nadb.powercut.images", 1);

  @TempDir Path temp;
  private int images;

  @ParameterizedTest
  @CsvSource({
    "buffered, 1, false", "buffered, 2, true",
    "written, 3, false", "written, 4, true",
    "synced, 5, true"
  })
  void afterAPowerCutAtAnyMomentTheStoreEqualsOneFlushBoundary(
      String durability, long seed, boolean faults) throws IOException {
    Path directory = temp.resolve("store");
    SimulatedDisk disk = new SimulatedDisk(directory.resolve("main"));
    Scenario scenario = new Scenario(directory, disk, durability, seed);
    try (StoreRegistry registry = scenario.registry();
        KeyValueStore store = registry.open(scenario.url(directory))) {
      if (faults) {
        disk.failing(index -> index % 17 == 16 ? SimulatedDisk.Fault.REFUSED : null);
      }
      scenario.run(store, durability.equals("synced") ? STEPS : 2 * STEPS);
      disk.heal();
      scenario.flush(store);
      if (faults) {
        assertThat(scenario.failures).as("failures seen").isPositive();
      }
      int end = disk.count();
      CrashImage image = new CrashImage(disk);
      List<DiskOperation> operations = disk.operations();
      for (int count = 0; count <= end; count++) {
        image.advance(operations, count);
        checkImages(scenario, image, count);
      }
      assertThat(operations.stream().map(DiskOperation::kind))
          .as("what the scenario covers")
          .contains(Kind.CREATE, Kind.RENAME, Kind.DELETE, Kind.SYNC_DIRECTORY, Kind.SET_LENGTH);
      System.out.println(images + " images of " + end + " operations, " + durability);
    }
  }

  private void checkImages(Scenario scenario, CrashImage image, int count) throws IOException {
    check(scenario, image, count, Fate.KEPT, 0);
    if (!image.isCertain()) {
      for (Fate fate : List.of(Fate.LOST, Fate.NAMES_KEPT, Fate.CONTENTS_KEPT, Fate.TORN)) {
        check(scenario, image, count, fate, 0);
      }
      for (int i = 0; i < RANDOM_IMAGES; i++) {
        check(scenario, image, count, Fate.RANDOM, i);
      }
    }
  }

  private void check(Scenario scenario, CrashImage image, int count, Fate fate, int seed)
      throws IOException {
    Path to = temp.resolve("image" + images++);
    image.write(
        scenario.directory.resolve("main"),
        to.resolve("main"),
        fate,
        new Random(count * 31L + seed));
    List<StoreModel.View> allowed =
        scenario.allowed(count, fate != Fate.KEPT).stream()
            .map(model -> model.at(scenario.time.now()))
            .toList();
    String what = fate + " after operation " + count + last(scenario, count);
    try (StoreRegistry registry =
            new NadbRegistryProvider()
                .create(scenario.time, new SimulatedDisk(to.resolve("main")));
        KeyValueStore store = registry.open(scenario.url(to))) {
      StoreModel.View view = StoreModel.read(store, scenario.load.universe());
      assertThat(allowed).as(what).contains(view);
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    } finally {
      Directories.delete(to);
    }
  }

  private static String last(Scenario scenario, int count) {
    return count == 0 ? "" : ", " + scenario.disk.operations().get(count - 1);
  }
}
