package io.nadb.testkit;

import io.nadb.Driver;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A simulated machine: a disk, and one process after the other. Used with the harness's monitor
 * held.
 */
final class Machine {
  private final VirtualTime time;
  private final Ledger ledger;
  private final Faults faults;
  private final Path directory;
  private final List<Driver> drivers;
  private final DiskJournal journal;
  private final List<String> leaks = new ArrayList<>();
  private Life life;
  private boolean running = true;

  Machine(VirtualTime time, Ledger ledger, Faults faults, Path directory, List<Driver> drivers) {
    this.time = time;
    this.ledger = ledger;
    this.faults = faults;
    this.directory = directory;
    this.drivers = drivers;
    this.journal = new DiskJournal(directory.resolve(".attic"));
    this.life = new Life(time, ledger, faults, journal, drivers);
  }

  Life life() {
    return life;
  }

  boolean isRunning() {
    return running;
  }

  /** What the processes that have ended left open. */
  List<String> leaks() {
    return leaks;
  }

  /** Starts a process. */
  void start() {
    life = new Life(time, ledger, faults, journal, drivers);
    running = true;
  }

  RecordingStore open(String url) {
    KeyValueStore store = life.registry().open(url);
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
    ledger.add("stop");
    leaks.addAll(Leaks.ofHandles(life, known));
    try {
      life.registry().close();
    } finally {
      ended();
    }
  }

  /** Ends the process without warning. */
  CrashReport crash(Crash crash) {
    if (crash == Crash.TORN_WRITE) {
      tearNextFlush();
    }
    boolean torn = life.isOver();
    life.disk().cut();
    CrashReport report = report(crash, torn);
    ledger.add(report.toString());
    faults.end();
    try {
      life.registry().close();
    } catch (NadbException e) { // Of a flush that a fault made fail when the process was alive.
      ledger.add("after the crash: " + e.getMessage());
    } finally {
      ended();
    }
    try {
      leaveBehind(crash, torn);
    } catch (IOException e) {
      throw new UncheckedIOException("can't make the disk after " + crash, e);
    }
    return report;
  }

  private void tearNextFlush() {
    life.disk().tearNextWrite();
    faults.heal(); // A flush that is held goes on, and is the one that is torn.
    for (var handle : life.openHandles()) {
      if (!life.isOver()) {
        handle.getKey().flush();
      }
    }
  }

  private CrashReport report(Crash crash, boolean torn) {
    List<LostWrite> lost = new ArrayList<>();
    List<LostWrite> inDoubt = new ArrayList<>();
    for (Location location : ledger.locations()) {
      location.crash(crash == Crash.PROCESS_KILL, lost, inDoubt);
    }
    if (torn) { // A flush without its commit is not there, whatever else of it is.
      lost.addAll(0, inDoubt);
      inDoubt.clear();
    }
    return new CrashReport(crash, time.now(), lost, inDoubt);
  }

  private void leaveBehind(Crash crash, boolean torn) throws IOException {
    if (crash != Crash.PROCESS_KILL) {
      if (torn) {
        journal.keepAll();
      } else {
        journal.undoAll();
      }
      // SQLite's commits are not synced; losing the database loses no data.
      Directories.deleteFiles(directory, "metadata.db");
    }
    journal.trim();
  }

  private void ended() {
    running = false;
    leaks.addAll(Leaks.ofTheRest(life, time, directory));
  }

  /** Copies a store's log as it is now. */
  void copy(Path from, Path to) throws IOException {
    synchronized (journal) {
      journal.copy(from, to);
    }
  }
}
