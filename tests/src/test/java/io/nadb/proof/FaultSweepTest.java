package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.InMemory;
import io.nadb.testkit.disk.SimulatedDisk;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Makes every single operation on the disk fail, in turn, and has the store go on. */
@Tag("proof")
class FaultSweepTest {
  private static final int STEPS = Integer.getInteger("nadb.faults.steps", 110);

  @TempDir(factory = InMemory.class)
  Path temp;

  private int runs;

  @ParameterizedTest
  @CsvSource({
    "buffered, REFUSED, 1", "buffered, HALF_DONE, 1", "buffered, REFUSED, 6",
    "written, REFUSED, 1", "written, HALF_DONE, 1", "written, HALF_DONE, 6",
    "synced, REFUSED, 1", "synced, HALF_DONE, 6"
  })
  void whateverOperationFailsNothingIsLostAndTheStoreHeals(
      String durability, Fault fault, int length) throws IOException {
    int opened = 6;
    int end = run(durability, fault, Integer.MAX_VALUE, 0);
    for (int index = opened; index < end; index++) {
      run(durability, fault, index, length);
    }
  }

  private int run(String durability, Fault fault, int from, int length) throws IOException {
    Path directory = temp.resolve("run" + runs++);
    SimulatedDisk disk = new SimulatedDisk(directory.resolve("main"));
    Scenario scenario = new Scenario(directory, disk, durability, 11);
    String what = fault + " of " + length + " operations from " + from;
    try (StoreRegistry registry = scenario.registry();
        KeyValueStore store = registry.open(scenario.url(directory))) {
      disk.failing(index -> index >= from && index - from < length ? fault : null);
      scenario.run(store, STEPS);
      disk.heal();
      store.flush();
      assertThat(store.stats().state()).as(what).isEqualTo(StoreState.HEALTHY);
      assertThat(StoreModel.read(store, scenario.load.universe()))
          .as(what)
          .isEqualTo(scenario.model().at(scenario.time.now()));
    }
    try (StoreRegistry registry = scenario.registry();
        KeyValueStore store = registry.open(scenario.url(directory))) {
      StoreModel.View view = StoreModel.read(store, scenario.load.universe());
      assertThat(view).as("%s, reopened", what).isEqualTo(scenario.model().at(scenario.time.now()));
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
    Directories.delete(directory);
    return disk.count();
  }
}
