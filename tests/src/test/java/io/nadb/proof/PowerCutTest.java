package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cuts the power after every single operation on the disk, and opens what may be left. */
@Tag("proof")
class PowerCutTest {
  private static final int STEPS = Integer.getInteger("nadb.powercut.steps", 32);

  /** So often a scenario goes on for some steps more until it has come to what it is about. */
  private static final int MAX_EXTENSIONS = 30;

  private static final int MORE_STEPS = 5;
  private static final int RANDOM_IMAGES = Integer.getInteger("nadb.powercut.images", 1);

  /** Of so many images one is gone on with: what is right at once may be wrong later. */
  private static final int SECOND_LIVES = Integer.getInteger("nadb.powercut.lives", 5);

  @TempDir(factory = InMemory.class)
  Path temp;

  private int images;

  @ParameterizedTest
  @CsvSource({
    "buffered, 1, false", "buffered, 2, true",
    "written, 13, false", "written, 4, true",
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
      goOnUntil(scenario, store, () -> has(disk, Kind.DELETE) && has(disk, Kind.SET_LENGTH));
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

  @ParameterizedTest
  @CsvSource({"buffered, 6", "written, 7"})
  void afterAKillTheNextProcessMayCompactAndLoseThePowerAtAnyMoment(String durability, long seed)
      throws IOException {
    Path directory = temp.resolve("store");
    SimulatedDisk disk = new SimulatedDisk(directory.resolve("main"));
    Scenario scenario = new Scenario(directory, disk, durability, seed);
    StoreRegistry first = scenario.registry();
    scenario.run(first.open(scenario.url(directory)), STEPS);
    disk.kill();
    try {
      first.close();
    } catch (NadbException e) {
      assertThat(e).hasMessageContaining("killed");
    }
    disk.restart();
    int killed = disk.count();
    try (StoreRegistry registry = scenario.registry();
        KeyValueStore store = registry.open(scenario.url(directory))) {
      scenario.goOnWith(found(scenario, store, killed), killed);
      scenario.run(store, STEPS);
      scenario.flush(store);
      scenario.time.advance(Duration.ofMinutes(2));
      goOnUntil(scenario, store, () -> store.stats().compactions() > 0);
      scenario.flush(store);
      assertThat(store.stats().compactions()).isPositive();
      CrashImage image = new CrashImage(disk);
      for (int count = killed; count <= disk.count(); count++) {
        image.advance(disk.operations(), count);
        checkImages(scenario, image, count);
      }
    }
  }

  /** When compaction comes is a matter of what the steps have written, and when. */
  private static void goOnUntil(Scenario scenario, KeyValueStore store, BooleanSupplier enough) {
    for (int i = 0; i < MAX_EXTENSIONS && !enough.getAsBoolean(); i++) {
      scenario.run(store, MORE_STEPS);
      scenario.time.advance(Duration.ofMinutes(1));
      scenario.flush(store);
    }
  }

  private static boolean has(SimulatedDisk disk, Kind kind) {
    return disk.operations().stream().anyMatch(operation -> operation.kind() == kind);
  }

  private static StoreModel found(Scenario scenario, KeyValueStore store, int killed) {
    List<StoreModel> allowed = scenario.allowed(killed, false);
    List<StoreModel.View> views =
        allowed.stream().map(model -> model.at(scenario.time.now())).toList();
    StoreModel.View view = StoreModel.read(store, scenario.load.universe());
    assertThat(views).as("after a kill").contains(view);
    return allowed.get(views.lastIndexOf(view));
  }

  private void checkImages(Scenario scenario, CrashImage image, int count) throws IOException {
    check(scenario, image, count, Fate.KEPT, 0);
    if (!image.isCertain()) {
      for (Fate fate : List.of(Fate.LOST, Fate.NAMES_KEPT, Fate.CONTENTS_KEPT, Fate.TORN)) {
        check(scenario, image, count, fate, 0);
      }
      Fate[] dice = {Fate.RANDOM, Fate.AHEAD, Fate.LAGS, Fate.MOMENTS};
      for (int i = 0; i < RANDOM_IMAGES; i++) {
        check(scenario, image, count, dice[(count + i) % dice.length], i);
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
    VirtualTime time = new VirtualTime();
    time.advance(Duration.between(time.now(), scenario.time.now()));
    List<StoreModel> allowed = scenario.allowed(count, fate != Fate.KEPT);
    String what = fate + " after operation " + count + last(scenario, count);
    SimulatedDisk disk = new SimulatedDisk(to.resolve("main"));
    Set<String> universe = scenario.load.universe();
    try {
      StoreModel found;
      try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
          KeyValueStore store = registry.open(scenario.url(to))) {
        StoreModel.View view = StoreModel.read(store, universe);
        List<StoreModel.View> views = allowed.stream().map(model -> model.at(time.now())).toList();
        assertThat(views).as(what).contains(view);
        found = allowed.get(views.lastIndexOf(view)).copy();
        if (images % SECOND_LIVES == 0) {
          goOn(store, found, time, new Random(count));
        }
      }
      if (images % SECOND_LIVES == 0) {
        try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
            KeyValueStore store = registry.open(scenario.url(to))) {
          assertThat(StoreModel.read(store, universe))
              .as("%s, after another life", what)
              .isEqualTo(found.at(time.now()));
        }
      }
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    } finally {
      Directories.delete(to);
    }
  }

  /** Writes on, flushes, and lets compaction have its way. */
  private static void goOn(KeyValueStore store, StoreModel model, VirtualTime time, Random random) {
    Load load = new Load(random, 15, 20_000);
    for (int i = 0; i < 60; i++) {
      load.next(model, time.now()).to(store);
      if (i % 20 == 10) {
        store.flush();
      }
    }
    time.advance(Duration.ofMinutes(2));
  }

  private static String last(Scenario scenario, int count) {
    return count == 0 ? "" : ", " + scenario.disk.operations().get(count - 1);
  }
}
