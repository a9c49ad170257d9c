package io.nadb.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

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
 *
 * @since 0.1.0
 */
public final class NadbHarness implements AutoCloseable {
  private static final String PREFIX = "nadb:";

  private final HarnessSettings settings;
  private final VirtualTime time;
  private final Ledger ledger;
  private final Faults faults;
  private final TestDirectory directory = new TestDirectory();
  private final Machine machine;
  private final HarnessStores stores;
  private final Random random;

  /** Held while all is being stopped. */
  private final ReentrantLock checking = new ReentrantLock();

  @GuardedBy("this")
  private final List<NadbHarness> others = new ArrayList<>();

  @GuardedBy("this")
  private final Set<Check> lenient = EnumSet.noneOf(Check.class);

  @GuardedBy("this")
  private final List<String> problems = new ArrayList<>();

  /** What {@code nadb:test:} URLs call it. */
  private volatile String name = "";

  @GuardedBy("this")
  private boolean closed;

  private NadbHarness(HarnessSettings given) {
    this.settings = given.withSeed(given.seedOrNew());
    this.lenient.addAll(settings.lenient());
    this.time = new VirtualTime(settings.start(), settings.patience());
    this.ledger = new Ledger(time);
    this.faults = new Faults(time, ledger);
    this.random = new Random(settings.seedOrNew());
    Random dice = new Random(~settings.seedOrNew());
    this.machine = new Machine(time, ledger, faults, directory, settings.drivers(), dice);
    this.stores = new HarnessStores(this, machine, directory.path());
  }

  /** Creates a harness for {@code nadb:fs:} stores with the options' defaults. */
  public static NadbHarness create() {
    return create(HarnessSettings.DEFAULT);
  }

  /**
   * Creates a harness with other settings.
   *
   * @throws IllegalStateException if a harness of the settings' name is running
   */
  public static NadbHarness create(HarnessSettings settings) {
    NadbHarness harness = new NadbHarness(settings);
    harness.name = RunningHarnesses.add(harness, settings.name());
    return harness;
  }

  /** Finds the harness of a name, if it has been created and not closed. */
  public static Optional<NadbHarness> running(String name) {
    return Optional.ofNullable(RunningHarnesses.find(name));
  }

  /** What {@code nadb:test:} URLs call it: what its settings say, or else for example h7. */
  public String name() {
    return name;
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
  public KeyValueStore store() {
    checkOpen();
    return stores.first(settings.url());
  }

  /** The URL of {@link #store()}, whole. */
  public String url() {
    checkOpen();
    return stores.first(settings.url()).fullUrl();
  }

  /**
   * The URL of a store that this harness has opened, whole: with the credentials that {@link
   * KeyValueStore#url()} hides.
   *
   * @throws IllegalArgumentException if it is none of this harness's stores
   */
  public String urlOf(KeyValueStore store) {
    return stores.all().stream()
        .filter(opened -> opened == store)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(store + " was not opened by this harness"))
        .fullUrl();
  }

  /**
   * Opens a store, which the harness closes.
   *
   * @param url a URL; <code>{dir}</code> in it stands for a directory of the store's own, and so
   *     does a path that is left out, as in {@code nadb:fs:?flush=5s}; any other path is one below
   *     {@link #directory}, as if that were the root of the file system and the working directory
   * @param options options such as {@code flush=5s}, which override those of the URL
   */
  public KeyValueStore open(String url, String... options) {
    checkOpen();
    return stores.open(url, options);
  }

  /**
   * Makes a URL that opens a store in this harness, wherever and by whomever it is opened: for the
   * configuration of an application under test. A path in it is one below {@link #directory}.
   *
   * @param url a NADB URL, for example {@code nadb:fs:./data?flush=5s}
   * @return for example {@code nadb:test:h7:fs:./data?flush=5s}
   */
  public String testUrl(String url) {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException(url + " is no NADB URL; it must begin with " + PREFIX);
    }
    return PREFIX + "test:" + name + ":" + url.substring(PREFIX.length());
  }

  /**
   * Opens a store for an application, which is to close it.
   *
   * @param path a URL without {@code nadb:} and without options
   */
  KeyValueStore openForApplication(String path, Map<String, String> options) {
    checkRunning();
    SimulatedProcess life = machine.life();
    return life.calls().make(() -> life.registry().open(PREFIX + path, options));
  }

  /**
   * Creates another harness with the same settings, except for its name and its random numbers,
   * which follow from this one's; it is closed together with this one.
   */
  public synchronized NadbHarness fresh() {
    checkOpen();
    HarnessSettings own =
        settings
            .without(lenient.toArray(new Check[0]))
            .withSeed(new SplittableRandom(seed() + others.size() + 1).nextLong());
    NadbHarness other = create(own.withoutName());
    others.add(other);
    return other;
  }

  /** Leaves these checks out too when it is closed; see {@link #check}. */
  public synchronized void without(Check... checks) {
    lenient.addAll(List.of(checks));
    others.forEach(other -> other.without(checks));
  }

  /**
   * Ends the process without warning. No handle can be used until it is opened anew; those of this
   * harness go on after {@link #reopen}. Blocked threads are let go, and faults end.
   *
   * @return what is lost
   * @throws UnsupportedOperationException if a {@code nadb:mem:} store is open, of which nothing
   *     would be left
   */
  public CrashReport crash(Crash crash) {
    checkOpen();
    return stores.crash(crash);
  }

  /** Whether there is a process: there is none after {@link #crash} and {@link #stop}. */
  public synchronized boolean isRunning() {
    return !closed && machine.isRunning();
  }

  /** Stops the process as it should be: all stores are flushed and closed. */
  public void stop() {
    checkRunning();
    stores.stop();
  }

  /**
   * Starts the process again, after a crash or else after stopping it, and opens the stores that
   * this harness had opened; all handles of this harness can be used again.
   *
   * @return the first store
   * @throws AssertionError if a store lost what it had promised to keep
   */
  public KeyValueStore reopen() {
    restart();
    return store();
  }

  /** As {@link #reopen}, for applications that open their stores themselves. */
  public void restart() {
    checkOpen();
    if (machine.isRunning()) {
      stop();
    }
    stores.start();
  }

  /**
   * Stops everything and tells what the test has left behind: handles, threads, files, faults that
   * never fired. A second call returns the same.
   */
  public List<String> check() {
    faults.end(); // Before all else: a thread that it holds may be in a call that is waited for.
    checking.lock();
    try {
      if (end()) {
        RunningHarnesses.remove(name);
        find();
      }
      synchronized (this) {
        return List.copyOf(problems);
      }
    } finally {
      checking.unlock();
    }
  }

  /** Lets nobody use it any more; returns whether it was open. */
  private synchronized boolean end() {
    boolean open = !closed;
    closed = true;
    return open;
  }

  private void find() {
    List<String> found = new ArrayList<>(stores.end());
    others().forEach(other -> found.addAll(other.check()));
    synchronized (this) {
      problems.addAll(found);
      if (!lenient.contains(Check.LEAKS)) {
        problems.addAll(machine.leaks());
      }
      if (!lenient.contains(Check.UNFIRED_FAULTS)) {
        faults.unfired().forEach(fault -> problems.add("fault never fired: " + fault));
      }
    }
  }

  private synchronized List<NadbHarness> others() {
    return List.copyOf(others);
  }

  /**
   * Stops everything, and keeps the directory with a ledger, the seed and a thread dump in it.
   *
   * @return the directory
   */
  public Path keep() {
    String threads = ThreadDump.take();
    check();
    Path here = directory.keep();
    try {
      Files.writeString(here.resolve("ledger.txt"), ledger.toString());
      Files.writeString(here.resolve("seed.txt"), seed() + "\n");
      Files.writeString(here.resolve("threads.txt"), threads);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write to " + here, e);
    }
    others().forEach(NadbHarness::keep);
    return here;
  }

  /**
   * As {@link #keep}, but in another place than the one for temporary files: what is there is
   * replaced. Other harnesses that {@link #fresh} made are kept in it as {@code fresh-1} and so on.
   *
   * @return the directory
   * @throws UncheckedIOException if it can't be moved; it is then kept where it is
   */
  public Path keepAs(Path target) {
    Path here = keep();
    if (!here.equals(target)) {
      directory.moveTo(target);
    }
    int number = 1;
    for (NadbHarness other : others()) {
      other.keepAs(target.resolve("fresh-" + number++));
    }
    return target;
  }

  /**
   * Stops everything and deletes the directory, unless it is kept.
   *
   * @throws AssertionError if the test has left something behind; see {@link #check}
   */
  @Override
  public void close() {
    List<String> found = check(); // Of the others too.
    delete();
    if (!found.isEmpty()) {
      throw new AssertionError(String.join("\n", found));
    }
  }

  private void delete() {
    directory.delete();
    others().forEach(NadbHarness::delete);
  }

  Machine machine() {
    return machine;
  }

  private synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the harness is closed");
    }
  }

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
