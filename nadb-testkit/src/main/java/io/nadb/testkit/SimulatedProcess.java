package io.nadb.testkit;

import io.nadb.Driver;
import io.nadb.StoreRegistry;
import io.nadb.spi.NadbDriver;
import io.nadb.testkit.disk.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A simulated process: a registry, from its creation to its end by closing or by a crash. */
final class SimulatedProcess {
  private final TestDirectory directory;
  private final VirtualTime time;
  private final Ledger ledger;
  private final Faults faults;
  private final HeldCalls calls;
  private final TestDisk disk;
  private final StoreRegistry registry;

  /** The open handles, with where they were opened. */
  private final Map<RecordingStore, Throwable> handles =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private volatile boolean over;

  private SimulatedProcess(
      VirtualTime time,
      Ledger ledger,
      Faults faults,
      TestDirectory directory,
      SimulatedDisk machineDisk) {
    this.directory = directory;
    this.time = time;
    this.ledger = ledger;
    this.faults = faults;
    this.calls = new HeldCalls(time, faults);
    this.disk = new TestDisk(machineDisk, faults, this);
    this.registry = StoreRegistry.create(time);
  }

  /** Starts a process in which every driver records. */
  static SimulatedProcess start(
      VirtualTime time,
      Ledger ledger,
      Faults faults,
      TestDirectory directory,
      SimulatedDisk machineDisk,
      List<Driver> drivers) {
    SimulatedProcess process = new SimulatedProcess(time, ledger, faults, directory, machineDisk);
    StoreRegistry registry = process.registry;
    drivers.forEach(registry::registerDriver);
    for (Driver driver : registry.drivers()) {
      if (driver instanceof NadbDriver real) {
        registry.deregisterDriver(driver);
        registry.registerDriver(new RecordingDriver(real, process));
      }
    }
    return process;
  }

  /** Where its files are; there from now on. */
  Path directory() {
    return directory.make();
  }

  StoreRegistry registry() {
    return registry;
  }

  VirtualTime time() {
    return time;
  }

  Ledger ledger() {
    return ledger;
  }

  Faults faults() {
    return faults;
  }

  HeldCalls calls() {
    return calls;
  }

  TestDisk disk() {
    return disk;
  }

  RecordingStore adopt(RecordingStore store) {
    handles.put(store, new Throwable("opened here"));
    return store;
  }

  void forget(RecordingStore store) {
    handles.remove(store);
  }

  /** The handles that are open, with where they were opened. */
  List<Map.Entry<RecordingStore, Throwable>> openHandles() {
    synchronized (handles) {
      return new ArrayList<>(handles.entrySet());
    }
  }

  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
  }

  void checkAlive() {
    if (over) {
      throw new IllegalStateException(
          "the process of this store has crashed; open the store again, or call reopen()");
    }
  }
}
