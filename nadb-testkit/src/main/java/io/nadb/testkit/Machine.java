package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/**
 * A simulated machine: a disk, and one process after the other. Thread-safe: a process can crash
 * while another thread opens its stores or stops it.
 */
final class Machine {
  private static final Fate[] DERIVED = {Fate.KEPT, Fate.LOST, Fate.MOMENTS, Fate.RANDOM};

  private final VirtualTime time;
  private final Ledger ledger;
  private final Faults faults;
  private final TestDirectory directory;
  private final List<Driver> drivers;
  private final Random dice;
  private final SimulatedDisk disk = SimulatedDisk.withoutRecord();

  @GuardedBy("this")
  private final List<String> leaks = new ArrayList<>();

  @GuardedBy("this")
  private SimulatedProcess life;

  @GuardedBy("this")
  private State state = State.RUNNING;

  /** How far the present process has come. */
  private enum State {
    RUNNING,
    STOPPING,
    CRASHING,
    DOWN
  }

  Machine(
      VirtualTime time,
      Ledger ledger,
      Faults faults,
      TestDirectory directory,
      List<Driver> drivers,
      Random dice) {
    this.time = time;
    this.ledger = ledger;
    this.faults = faults;
    this.directory = directory;
    this.drivers = drivers;
    this.dice = dice;
    this.life = SimulatedProcess.start(time, ledger, faults, directory, disk, drivers);
  }

  /** The present process, or the latest if there is none. */
  synchronized SimulatedProcess life() {
    return life;
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  /** What the processes that have ended left open. */
  synchronized List<String> leaks() {
    return List.copyOf(leaks);
  }

  /** Starts a process. */
  synchronized void start() {
    if (state != State.DOWN) {
      throw new IllegalStateException("the process is " + state + " on another thread");
    }
    life = SimulatedProcess.start(time, ledger, faults, directory, disk, drivers);
    state = State.RUNNING;
  }

  /** Goes on to another state; returns the process. */
  private synchronized SimulatedProcess enter(State next) {
    if (state != State.RUNNING && !(state == State.STOPPING && next == State.CRASHING)) {
      throw new IllegalStateException("the process has ended; reopen() starts it again");
    }
    state = next;
    return life;
  }

  /** The process is no more, unless another thread says so that has ended it in the meantime. */
  private synchronized void ended(SimulatedProcess ending, State as) {
    if (state == as) {
      state = State.DOWN;
      leaks.addAll(Leaks.ofTheRest(ending, time, directory.path()));
    }
  }

  RecordingStore open(String url) {
    SimulatedProcess opening = life();
    KeyValueStore store = opening.calls().make(() -> opening.registry().open(url));
    if (store instanceof RecordingStore recording) {
      return recording;
    }
    try (store) {
      throw new IllegalArgumentException(
          store.url() + " stands before another store; open it through registry()");
    }
  }

  /**
   * Ends the process as it should end.
   *
   * @param known the handles that are no leak
   */
  void stop(Collection<RecordingStore> known) {
    SimulatedProcess stopping = enter(State.STOPPING);
    ledger.add("stop");
    synchronized (this) {
      leaks.addAll(Leaks.ofHandles(stopping, known));
    }
    try {
      close(stopping);
    } finally {
      ended(stopping, State.STOPPING);
    }
  }

  /** Waits for the end of a process that another thread may be ending. */
  void awaitEnd() {
    close(life());
  }

  private static void close(SimulatedProcess ending) {
    ending
        .calls()
        .make(
            () -> {
              ending.registry().close();
              return true;
            });
  }

  /** Ends the process without warning. */
  CrashReport crash(Crash crash) {
    SimulatedProcess crashing = enter(State.CRASHING);
    try {
      if (crash == Crash.TORN_WRITE) {
        tearNextFlush(crashing);
      }
      boolean torn = crashing.isOver();
      crashing.disk().cut();
      CrashReport report = report(crash, torn);
      ledger.add(report.toString());
      faults.end();
      try {
        close(crashing);
      } catch (NadbException e) { // Of a flush that a fault made fail when the process was alive.
        ledger.add("after the crash: " + e.getMessage());
      }
      leaveBehind(crash, torn);
      return report;
    } catch (IOException e) {
      throw new UncheckedIOException("can't make the disk after " + crash, e);
    } finally {
      crashing.disk().cut(); // Also if it has not come so far.
      ended(crashing, State.CRASHING);
    }
  }

  private void tearNextFlush(SimulatedProcess crashing) {
    crashing.disk().tearNextWrite();
    faults.heal(); // A flush that is held goes on, and is the one that is torn.
    for (var handle : crashing.openHandles()) {
      if (!crashing.isOver()) {
        flushUntilTheEnd(handle.getKey(), crashing);
      }
    }
  }

  /** A flush in which the process ends finds nothing of what it believes to have done. */
  private void flushUntilTheEnd(RecordingStore store, SimulatedProcess crashing) {
    try {
      store.flush();
    } catch (NadbException e) {
      if (!crashing.isOver()) {
        throw e;
      }
      ledger.add("the flush in which the process ended: " + e.getMessage());
    }
  }

  private CrashReport report(Crash crash, boolean torn) {
    List<LostWrite> lost = new ArrayList<>();
    List<LostWrite> inDoubt = new ArrayList<>();
    for (DurabilityOracle location : ledger.locations()) {
      location.crash(crash == Crash.PROCESS_KILL, torn, lost, inDoubt);
    }
    return new CrashReport(crash, time.now(), lost, inDoubt);
  }

  private void leaveBehind(Crash crash, boolean torn) throws IOException {
    if (crash != Crash.PROCESS_KILL) {
      if (torn) {
        disk.becomeSure();
      } else {
        disk.losePower(this::fate, dice);
      }
      // SQLite's commits are not synced; losing the database loses no data.
      Directories.deleteFiles(directory.path(), "metadata.db");
    }
  }

  /**
   * What was not synced of the log is gone; each file that is only derived from it has a moment of
   * its own, and may well be ahead of it.
   */
  private Fate fate(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean derived = name.contains(".hint") || name.contains("nadb.lineage");
    return derived ? DERIVED[dice.nextInt(DERIVED.length)] : Fate.LOST;
  }

  /** Copies a store's log as it is now. */
  void copy(Path from, Path to) throws IOException {
    disk.copy(from, to);
  }
}
