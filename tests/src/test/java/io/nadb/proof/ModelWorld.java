package io.nadb.proof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A disk with a store on it whose history is kept, and what the store must hold; the process that
 * uses them may end at any operation of the disk.
 */
final class ModelWorld {
  static final Duration WINDOW = Duration.ofMinutes(2);
  private static final List<Fate> FATES =
      List.of(Fate.KEPT, Fate.LOST, Fate.NAMES_KEPT, Fate.TORN, Fate.MOMENTS, Fate.RANDOM);

  final VirtualTime time = new VirtualTime();
  final Random random;
  final Load load;
  private final Path temp;
  private int lives;
  private long compactions;
  private Path root;
  private SimulatedDisk disk;
  private StoreRegistry registry;
  private KeyValueStore store;

  /** The directory of the store, below the root. */
  private String location = "store";

  private StoreModel model = new StoreModel();

  /** What each flush has made durable, or may have, by the number of its last write. */
  private NavigableMap<Long, Boundary> boundaries = new TreeMap<>();

  /** Up to which write all is durable for sure. */
  private long flushed;

  /** Whether a clear is under way, whose number nobody knows before it is done. */
  private boolean clearing;

  private volatile boolean dead;

  /** What there was at a flush, and when that was. */
  record Boundary(StoreModel model, Instant time) {}

  ModelWorld(Path temp, Random random) throws IOException {
    this.temp = temp;
    this.random = random;
    this.load = new Load(random, 40, 30_000);
    this.root = Files.createDirectory(temp.resolve("life0"));
    this.disk = new SimulatedDisk(root);
    boundaries.put(0L, new Boundary(model.copy(), time.now()));
    registry = new NadbRegistryProvider().create(time, disk);
    store = registry.open(url(root.resolve(location)));
  }

  private void open() {
    registry = new NadbRegistryProvider().create(time, disk);
    store = registry.open(url(root.resolve(location)));
  }

  static String url(Path at) {
    return "nadb:fs:"
        + at
        + "?segment=64kb&buffer=4mb&flush=off&sweep=off&metadata=none&history="
        + WINDOW.toSeconds()
        + "s";
  }

  Path root() {
    return root;
  }

  SimulatedDisk disk() {
    return disk;
  }

  KeyValueStore store() {
    return store;
  }

  StoreRegistry registry() {
    return registry;
  }

  /** What the store must hold now. */
  StoreModel model() {
    return model;
  }

  NavigableMap<Long, Boundary> boundaries() {
    return boundaries;
  }

  Boundary boundary(long sequence) {
    return requireNonNull(boundaries.get(sequence), () -> "no flush at " + sequence);
  }

  StoreModel.View now(StoreModel of) {
    return of.at(time.now());
  }

  void write() {
    load.next(model, time.now()).to(store);
  }

  void flush() {
    flushes();
    store.flush();
    flushed();
  }

  /** A flush is about to be done, by whatever is done. */
  void flushes() {
    boundaries.putIfAbsent(store.stats().sequence(), new Boundary(model.copy(), time.now()));
  }

  /** It has been done. */
  void flushed() {
    flushed = store.stats().sequence();
    assertThat(store.durableSequence()).isEqualTo(flushed);
  }

  void cleanupExpired() {
    assertThat(store.cleanupExpired()).isEqualTo(model.cleanupExpired(time.now()));
  }

  void clear() {
    flushes();
    clearing = true;
    store.clear();
    clearing = false;
    model.clear();
    flushes();
    flushed();
  }

  /** The process is killed after so many more operations of the disk. */
  void dieAfter(int operations) {
    int last = disk.count() + operations;
    disk.failing(
        index -> {
          if (index >= last && !dead) {
            dead = true;
            disk.kill();
          }
          return null;
        });
  }

  /** It is not killed after all. */
  void live() {
    disk.heal();
  }

  boolean isDead() {
    return dead;
  }

  /** The next process finds what the kill, or a power cut, has left. */
  void comeBack() throws IOException {
    close();
    CrashImage image = new CrashImage(disk);
    image.advance(disk.operations(), disk.count());
    Path next = temp.resolve("life" + ++lives);
    Fate fate = random.nextBoolean() ? Fate.KEPT : FATES.get(random.nextInt(FATES.size()));
    image.writeAll(root, next, fate, new Random(random.nextInt()));
    Directories.delete(root);
    root = next;
    disk = new SimulatedDisk(root);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        disk.sync(file); // So that it knows of all that is there.
      }
    }
    dead = false;
    open();
    take(fate);
  }

  /** Goes on with what was found. */
  private void take(Fate fate) {
    long found = store.durableSequence();
    assertThat(found).as("lost, %s", fate).isGreaterThanOrEqualTo(flushed);
    if (!boundaries.containsKey(found)) {
      assertThat(clearing).as("a cut at %s, %s", found, fate).isTrue();
      boundaries.put(found, new Boundary(new StoreModel(), time.now()));
    }
    clearing = false;
    boundaries.tailMap(found, false).clear();
    flushed = found;
    model = boundary(found).model.copy();
    compare(store, model, "found, " + fate);
  }

  void compare(KeyValueStore with, StoreModel expected, String what) {
    assertThat(StoreModel.read(with, load.universe())).as(what).isEqualTo(now(expected));
  }

  void restart() {
    flushes();
    close();
    open();
    flushed();
    compare(store, model, "opened again");
  }

  /** Goes on with another store. */
  void moveTo(String directory, StoreModel holds, NavigableMap<Long, Boundary> history) {
    flushes();
    close();
    location = directory;
    model = holds.copy();
    boundaries = new TreeMap<>(history);
    flushed = boundaries.lastKey();
    open();
    assertThat(store.durableSequence()).isEqualTo(flushed);
    compare(store, model, "gone on with");
  }

  @Override
  public String toString() {
    return "lives " + lives + ", compactions " + compactions;
  }

  void close() {
    compactions += store.stats().compactions();
    try {
      registry.close();
    } catch (NadbException e) {
      if (!dead) {
        throw e;
      }
    }
  }
}
