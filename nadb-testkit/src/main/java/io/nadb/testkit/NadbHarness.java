package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A world of its own for a test: stores with one background thread, one clock, one disk that can
 * fail, and a process that can crash.
 *
 * <pre>{@code
 * try (NadbHarness harness = NadbHarness.create()) {
 *   KeyValueStore store = harness.store();
 *   store.set("k", value);
 *   CrashReport report = harness.crash(Crash.POWER_CUT);
 *   assertThat(harness.reopen()).isEmpty();
 * }
 * }</pre>
 *
 * <p>The stores live in a new temporary directory. Everything runs as in production, but syncs are
 * written down instead of done. All methods are thread-safe, except that nobody may use a store
 * while it is crashed, stopped or reopened.
 */
public final class NadbHarness implements AutoCloseable {
  private static final String PREFIX = "nadb:";

  private final HarnessSettings settings;
  private final VirtualTime time;
  private final Ledger ledger;
  private final Faults faults;
  private final TestDirectory directory = new TestDirectory();
  private final Machine machine;
  private final Random random;
  private final List<NadbHarness> others = new ArrayList<>();

  @GuardedBy("this")
  private final List<InjectedStore> stores = new ArrayList<>();

  @GuardedBy("this")
  private final List<String> problems = new ArrayList<>();

  /** What {@code nadb:test:} URLs call it. */
  private volatile int number;

  @GuardedBy("this")
  private boolean kept;

  @GuardedBy("this")
  private boolean closed;

  private NadbHarness(HarnessSettings given) {
    this.settings = given.withSeed(given.seedOrNew());
    this.time = new VirtualTime(settings.start(), settings.patience());
    this.ledger = new Ledger(time);
    this.faults = new Faults(time, ledger);
    this.random = new Random(settings.seedOrNew());
    this.machine = new Machine(time, ledger, faults, directory.path(), settings.drivers());
  }

  /** Creates a harness for {@code nadb:fs:} stores with the options' defaults. */
  public static NadbHarness create() {
    return create(HarnessSettings.DEFAULT);
  }

  /** Creates a harness with other settings. */
  public static NadbHarness create(HarnessSettings settings) {
    NadbHarness harness = new NadbHarness(settings);
    harness.number = RunningHarnesses.add(harness);
    return harness;
  }

  /** The clock of all stores of this harness. */
  public VirtualTime time() {
    return time;
  }

  /** What goes wrong in this harness. */
  public Faults faults() {
    return faults;
  }

  /** What has happened in this harness. */
  public Ledger ledger() {
    return ledger;
  }

  /** The directory of the test, deleted when the harness is closed. */
  public Path directory() {
    return directory.make();
  }

  /** Random numbers for the test's data; a failed test can be run again with the same seed. */
  public Random random() {
    return random;
  }

  /** What {@link #random()} begins with. */
  public long seed() {
    return settings.seedOrNew();
  }

  /**
   * The registry of the present process: for code under test that opens stores itself. It must
   * close what it opens. After {@link #crash} and {@link #stop} there is another one.
   */
  public synchronized StoreRegistry registry() {
    checkOpen();
    return machine.life().registry();
  }

  /** The harness's first store; opened now if there is none, with the settings' URL. */
  public synchronized KeyValueStore store() {
    return stores.isEmpty() ? open(settings.url()) : stores.get(0);
  }

  /** The URL of {@link #store()}, whole. */
  public synchronized String url() {
    store();
    return stores.get(0).fullUrl();
  }

  /**
   * The URL of a store that this harness has opened, whole: with the credentials that {@link
   * KeyValueStore#url()} hides.
   *
   * @throws IllegalArgumentException if it is none of this harness's stores
   */
  public synchronized String urlOf(KeyValueStore store) {
    return stores.stream()
        .filter(opened -> opened == store)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(store + " was not opened by this harness"))
        .fullUrl();
  }

  /**
   * Opens a store, which the harness closes.
   *
   * @param url a URL; <code>{dir}</code> in it stands for a directory of the store's own, and so
   *     does a path that is left out, as in {@code nadb:fs:?flush=5s}
   * @param options options such as {@code flush=5s}, which override those of the URL
   */
  public synchronized KeyValueStore open(String url, String... options) {
    checkOpen();
    Path own = directory.path().resolve("store-" + (stores.size() + 1));
    String full = UrlTemplate.fill(url, own, List.of(options));
    if (!full.startsWith(PREFIX + "mem:")) {
      directory.make();
    }
    InjectedStore store = new InjectedStore(full, this, machine.open(full));
    stores.add(store);
    return store;
  }

  /**
   * Makes a URL that opens a store in this harness, wherever and by whomever it is opened: for the
   * configuration of an application under test. A relative path in it is below {@link #directory}.
   *
   * @param url a NADB URL, for example {@code nadb:fs:./data?flush=5s}
   * @return for example {@code nadb:test:h7:fs:./data?flush=5s}
   */
  public String testUrl(String url) {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException(url + " is no NADB URL; it must begin with " + PREFIX);
    }
    return PREFIX + "test:h" + number + ":" + url.substring(PREFIX.length());
  }

  /**
   * Opens a store for an application, which is to close it.
   *
   * @param path a URL without {@code nadb:} and without options
   */
  synchronized KeyValueStore openForApplication(String path, Map<String, String> options) {
    checkRunning();
    String relative = "fs:";
    String place =
        path.startsWith(relative) && !path.startsWith("fs:/")
            ? relative + UrlTemplate.escape(directory.make().toString()) + "/" + path.substring(3)
            : path;
    return machine.life().registry().open(PREFIX + place, options);
  }

  /** Creates another harness with the same settings, which is closed together with this one. */
  public synchronized NadbHarness fresh() {
    checkOpen();
    NadbHarness other = create(settings);
    others.add(other);
    return other;
  }

  /**
   * Ends the process without warning. No handle can be used until it is opened anew; those of this
   * harness go on after {@link #reopen}. Blocked threads are let go, and faults end.
   *
   * @return what is lost
   * @throws UnsupportedOperationException if a {@code nadb:mem:} store is open, of which nothing
   *     would be left
   */
  public synchronized CrashReport crash(Crash crash) {
    checkRunning();
    for (InjectedStore store : stores) {
      if (store.current().location().place().startsWith("mem:")) {
        throw new UnsupportedOperationException(
            store.url() + " keeps nothing when its process ends; crash a nadb:fs: store");
      }
    }
    return machine.crash(crash);
  }

  /** Stops the process as it should be: all stores are flushed and closed. */
  public synchronized void stop() {
    checkRunning();
    machine.stop(handles());
  }

  @GuardedBy("this")
  private List<RecordingStore> handles() {
    return stores.stream().map(InjectedStore::current).toList();
  }

  /**
   * Starts the process again, after a crash or else after stopping it, and opens the stores that
   * this harness had opened; all handles of this harness can be used again.
   *
   * @return the first store
   * @throws AssertionError if a store lost what it had promised to keep
   */
  public synchronized KeyValueStore reopen() {
    restart();
    return store();
  }

  /** As {@link #reopen}, for applications that open their stores themselves. */
  public synchronized void restart() {
    checkOpen();
    if (machine.isRunning()) {
      stop();
    }
    machine.start();
    for (InjectedStore store : stores) {
      store.moveTo(machine.open(store.fullUrl()));
    }
  }

  /**
   * Stops everything and tells what the test has left behind: handles, threads, files, faults that
   * never fired. A second call returns the same.
   */
  public synchronized List<String> check() {
    if (!closed) {
      closed = true;
      RunningHarnesses.remove(number);
      others.forEach(other -> problems.addAll(other.check()));
      faults.end();
      if (machine.isRunning()) {
        try {
          machine.stop(handles());
        } catch (NadbException e) {
          problems.add("closing failed: " + e.getMessage());
        }
      }
      if (!settings.lenient().contains(Check.LEAKS)) {
        problems.addAll(machine.leaks());
      }
      if (!settings.lenient().contains(Check.UNFIRED_FAULTS)) {
        faults.unfired().forEach(fault -> problems.add("fault never fired: " + fault));
      }
    }
    return List.copyOf(problems);
  }

  /**
   * Stops everything, and keeps the directory with a ledger and a thread dump in it.
   *
   * @return the directory
   */
  public synchronized Path keep() {
    String threads = ThreadDump.take();
    check();
    kept = true;
    others.forEach(NadbHarness::keep);
    Path here = directory.make();
    try {
      Files.writeString(here.resolve("ledger.txt"), ledger.toString());
      Files.writeString(here.resolve("threads.txt"), threads);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write to " + here, e);
    }
    return here;
  }

  /**
   * Stops everything and deletes the directory, unless it is kept.
   *
   * @throws AssertionError if the test has left something behind; see {@link #check}
   */
  @Override
  public void close() {
    List<String> found = check();
    synchronized (this) {
      if (!kept) {
        directory.delete();
      }
      others.forEach(NadbHarness::close);
    }
    if (!found.isEmpty()) {
      throw new AssertionError(String.join("\n", found));
    }
  }

  Machine machine() {
    return machine;
  }

  @GuardedBy("this")
  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the harness is closed");
    }
  }

  @GuardedBy("this")
  private void checkRunning() {
    checkOpen();
    if (!machine.isRunning()) {
      throw new IllegalStateException("the process has ended; reopen() starts it again");
    }
  }

  @Override
  public String toString() {
    return "NadbHarness[" + directory.path() + "]";
  }
}
