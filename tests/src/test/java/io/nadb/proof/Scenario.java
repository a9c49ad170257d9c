package io.nadb.proof;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.StoreStats;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.SimulatedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A fixed course of writes, flushes and maintenance on a simulated disk, that remembers after which
 * operation of the disk each state was begun, written and acknowledged as durable.
 */
final class Scenario {
  final VirtualTime time = new VirtualTime();
  final Load load;
  final SimulatedDisk disk;
  final Path directory;
  final List<Boundary> boundaries = new ArrayList<>();
  int failures;
  private final String durability;
  private final Random random;
  private final String memory;
  private StoreModel model = new StoreModel();

  /**
   * A state that a crash may leave.
   *
   * @param started after so many operations the store may hold it
   * @param written after so many operations the operating system has it (or MAX_VALUE)
   * @param durable after so many operations the disk has it (or MAX_VALUE)
   */
  record Boundary(StoreModel model, int started, int written, int durable) {}

  Scenario(Path directory, SimulatedDisk disk, String durability, long seed) {
    this.directory = directory;
    this.disk = disk;
    this.durability = durability;
    this.random = new Random(seed);
    this.memory = seed % 2 == 0 ? "auto" : "0b";
    this.load = new Load(random, 15, 30_000);
    boundaries.add(new Boundary(model.copy(), 0, 0, 0));
  }

  StoreRegistry registry() {
    return new NadbRegistryProvider().create(time, disk);
  }

  String url(Path at) {
    return "nadb:fs:"
        + at
        + "?buffer=512kb&segment=64kb&flush=5s&sweep=60s&memory="
        + memory
        + "&durability="
        + durability;
  }

  /** Runs some steps; what fails is counted and left for the next flush. */
  void run(KeyValueStore store, int steps) {
    for (int i = 0; i < steps; i++) {
      step(store);
    }
  }

  private void step(KeyValueStore store) {
    int started = disk.count();
    int dice = random.nextInt(100);
    boolean writes = false;
    try {
      if (dice < 12) {
        boundaries.add(new Boundary(model.copy(), started, Integer.MAX_VALUE, Integer.MAX_VALUE));
        store.flush();
      } else if (dice < 25) {
        boundaries.add(new Boundary(model.copy(), started, Integer.MAX_VALUE, Integer.MAX_VALUE));
        time.advance(Duration.ofSeconds(5));
      } else {
        writes = true;
        Load.Write write = load.next(model, time.now());
        boundaries.add(new Boundary(model.copy(), started, Integer.MAX_VALUE, Integer.MAX_VALUE));
        write.to(store);
      }
      StoreStats stats = store.stats();
      boolean synced = stats.durableSequence() == stats.sequence();
      boolean written =
          synced || (durability.equals("written") && stats.state() == StoreState.HEALTHY);
      if (stats.state() == StoreState.DEGRADED) {
        takeBack();
      }
      replaceLast(written ? disk.count() : Integer.MAX_VALUE, synced);
    } catch (NadbException e) {
      failures++;
      takeBack();
    }
    if (writes && durability.equals("buffered")) {
      boundaries.remove(boundaries.size() - 1); // No boundary before a flush.
    }
  }

  /**
   * After a failure, what was merely written is taken back and written again by the next flush: a
   * second failure, the death of the process, may come in between.
   */
  private void takeBack() {
    boundaries.replaceAll(
        it ->
            it.durable == Integer.MAX_VALUE
                ? new Boundary(it.model, it.started, Integer.MAX_VALUE, it.durable)
                : it);
  }

  /** Flushes, on a disk that works. */
  void flush(KeyValueStore store) {
    int started = disk.count();
    boundaries.add(new Boundary(model.copy(), started, Integer.MAX_VALUE, Integer.MAX_VALUE));
    store.flush();
    replaceLast(disk.count(), true);
  }

  private void replaceLast(int written, boolean synced) {
    Boundary last = boundaries.remove(boundaries.size() - 1);
    boundaries.add(
        new Boundary(last.model, last.started, written, synced ? written : Integer.MAX_VALUE));
  }

  /**
   * Goes on after a kill with what the next process has found, which is on disk since that has
   * opened the store.
   *
   * @param killed how many operations there had been when the process was killed
   */
  void goOnWith(StoreModel found, int killed) {
    model = found.copy();
    boundaries.add(new Boundary(found.copy(), killed, disk.count(), disk.count()));
  }

  /** The model as it is now. */
  StoreModel model() {
    return model;
  }

  /** The states that may be found if the machine stops after so many operations. */
  List<StoreModel> allowed(int operations, boolean powerCut) {
    int first = 0;
    int last = 0;
    for (int i = 0; i < boundaries.size(); i++) {
      Boundary boundary = boundaries.get(i);
      if ((powerCut ? boundary.durable : boundary.written) <= operations) {
        first = i;
      }
      if (boundary.started <= operations) {
        last = i;
      }
    }
    return boundaries.subList(first, last + 1).stream().map(Boundary::model).toList();
  }
}
