package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The stores that a harness has opened and closes. No lock is held while one is being opened, so
 * that the process can crash in the meantime.
 */
final class HarnessStores {
  private final NadbHarness harness;
  private final Machine machine;
  private final Path directory;

  /** Held while the first store is being opened, for which others wait. */
  private final ReentrantLock openingFirst = new ReentrantLock();

  @GuardedBy("this")
  private final List<InjectedStore> stores = new ArrayList<>();

  /** How many have begun to be opened. */
  @GuardedBy("this")
  private int begun;

  HarnessStores(NadbHarness harness, Machine machine, Path directory) {
    this.harness = harness;
    this.machine = machine;
    this.directory = directory;
  }

  /** The first one; opened now if there is none. */
  InjectedStore first(String url) {
    if (!openingFirst.tryLock()) {
      try {
        openingFirst.lockInterruptibly();
      } catch (InterruptedException e) {
        throw ThreadDump.interrupted("another thread opens the first store");
      }
    }
    try {
      InjectedStore first = firstIfOpen();
      return first == null ? open(url) : first;
    } finally {
      openingFirst.unlock();
    }
  }

  private synchronized @Nullable InjectedStore firstIfOpen() {
    return stores.isEmpty() ? null : stores.get(0);
  }

  InjectedStore open(String url, String... options) {
    Path own;
    synchronized (this) {
      own = directory.resolve("store-" + ++begun);
    }
    String full = UrlTemplate.fill(url, own, List.of(options));
    InjectedStore store = new InjectedStore(full, harness, this, machine.open(full));
    synchronized (this) {
      stores.add(store);
    }
    return store;
  }

  /** Opens another namespace of a store's location, which goes on as that does. */
  InjectedStore namespace(InjectedStore store, String name) {
    RecordingStore other = store.current().namespace(name);
    InjectedStore injected =
        new InjectedStore(UrlTemplate.inNamespace(store.fullUrl(), name), harness, this, other);
    synchronized (this) {
      stores.add(injected);
    }
    return injected;
  }

  synchronized List<InjectedStore> all() {
    return List.copyOf(stores);
  }

  /**
   * Ends the process without warning.
   *
   * @throws UnsupportedOperationException if nothing would be left of a store
   */
  CrashReport crash(Crash crash) {
    for (InjectedStore store : all()) {
      if (store.current().location().place().startsWith("mem:")) {
        throw new UnsupportedOperationException(
            store.url() + " keeps nothing when its process ends; crash a nadb:fs: store");
      }
    }
    return machine.crash(crash);
  }

  /** Stops the process as it should be. */
  void stop() {
    machine.stop(all().stream().map(InjectedStore::current).toList());
  }

  /** Starts the process, and opens in it what has been open. */
  void start() {
    machine.start();
    for (InjectedStore store : all()) {
      store.moveTo(machine.open(store.fullUrl()));
    }
  }

  /** Stops the process, whatever it is just doing; returns what that shows to be wrong. */
  List<String> end() {
    try {
      if (machine.isRunning()) {
        stop();
      } else {
        machine.awaitEnd();
      }
      return List.of();
    } catch (NadbException e) {
      return List.of("closing failed: " + e.getMessage());
    }
  }
}
