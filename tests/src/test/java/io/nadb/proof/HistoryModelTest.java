package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.spi.StorageIo;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does random things to a store whose history is kept, remembers every cut, and asks for all of
 * them again: after compaction, restarts, kills and power cuts.
 */
@Tag("proof")
class HistoryModelTest {
  private static final int RUNS = Integer.getInteger("nadb.history.runs", 3);
  private static final int STEPS = Integer.getInteger("nadb.history.steps", 120);
  private static final List<Fate> FATES = List.of(Fate.values());
  private static final int IMAGES = Integer.getInteger("nadb.history.images", 40);
  private static final Duration WINDOW = Duration.ofMinutes(5);

  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private final KeptHistory history = new KeptHistory();
  private StoreModel model = new StoreModel();

  /** After how many operations of the disk each cut was on it. */
  private final List<Integer> durable = new ArrayList<>();

  static LongStream seeds() {
    long random = Long.getLong("nadb.history.seed", new Random().nextLong());
    return LongStream.range(0, RUNS).map(run -> run == 0 ? random : run);
  }

  private static String url(Path directory, Random random) {
    return "nadb:fs:"
        + directory
        + "?buffer=1mb&flush=off&sweep=60s&segment=64kb&history=5m&metadata="
        + (random.nextBoolean() ? "none" : "sqlite")
        + "&memory="
        + (random.nextBoolean() ? "auto" : "0b");
  }

  /** Writes something, and makes a cut of it. */
  private void cut(KeyValueStore store, Load load, Random random, @Nullable SimulatedDisk disk) {
    if (random.nextInt(60) == 0) {
      store.clear();
      model.clear();
      remember(disk);
    }
    if (history.cuts().isEmpty()) { // A flush of nothing is no cut.
      model.set("key:1", new byte[] {1}, SetOptions.none(), time.now());
      store.set("key:1", new byte[] {1});
    }
    for (int i = random.nextInt(12); i >= 0; i--) {
      load.next(model, time.now()).to(store);
    }
    store.flush();
    remember(disk);
    switch (random.nextInt(5)) {
      case 0 -> {} // The next one is of the same millisecond.
      case 1 -> time.advance(Duration.ofMillis(1 + random.nextInt(20)));
      case 2 -> time.advance(Duration.ofSeconds(30));
      default -> time.advance(Duration.ofSeconds(1 + random.nextInt(9)));
    }
  }

  private void remember(@Nullable SimulatedDisk disk) {
    history.add(time.now(), model);
    durable.add(disk == null ? 0 : disk.count());
  }

  private void check(KeyValueStore store, Load load, Random random) {
    history.check(
        store, load.universe(), time.now().minus(WINDOW), time.now(), new Random(random.nextInt()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachCutInTheWindowIsShownAsItWas(long seed) throws IOException {
    Random random = new Random(seed);
    Load load = new Load(random, 40, 30_000);
    Path directory = temp.resolve("0");
    StoreRegistry registry = new NadbRegistryProvider().create(time, StorageIo.system());
    KeyValueStore store = registry.open(url(directory, random));
    try {
      long compactions = 0;
      for (int step = 1; step <= STEPS; step++) {
        cut(store, load, random, null);
        if (random.nextInt(25) == 0) {
          compactions += store.stats().compactions();
          if (random.nextBoolean()) { // As it would be after a kill.
            Path image = temp.resolve("after" + step);
            CrashImage.copy(directory.resolve("main"), image.resolve("main"));
            directory = image;
          }
          registry.close();
          registry = new NadbRegistryProvider().create(time, StorageIo.system());
          store = registry.open(url(directory, random));
        }
        if (step % 40 == 0) {
          check(store, load, random);
        }
      }
      assertThat(compactions + store.stats().compactions()).as("compactions").isPositive();
      assertThat(history.compared).isGreaterThan(50);
      assertThat(history.refused).isPositive();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    } finally {
      registry.close();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverAPowerCutLeavesHasTheHistoryOfItsCuts(long seed) throws IOException {
    Random random = new Random(seed);
    Load load = new Load(random, 20, 30_000);
    Path directory = temp.resolve("store");
    SimulatedDisk disk = new SimulatedDisk(directory.resolve("main"));
    try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
        KeyValueStore store = registry.open(url(directory, new Random(1)))) {
      for (int step = 0; step < STEPS; step++) {
        cut(store, load, random, disk);
      }
      assertThat(store.stats().compactions()).isPositive();
      CrashImage image = new CrashImage(disk);
      int end = disk.count();
      for (int i = 0, count = 0; i < IMAGES; i++) {
        count += random.nextInt(2 * (end - count) / (IMAGES - i) + 1);
        count = Math.min(count, end);
        image.advance(disk.operations(), count);
        Fate fate = FATES.get(random.nextInt(FATES.size()));
        Path to = temp.resolve("image" + i);
        image.write(
            directory.resolve("main"), to.resolve("main"), fate, new Random(random.nextInt()));
        checkImage(to, count, load, fate + " after operation " + count);
        Directories.delete(to);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    assertThat(history.compared).isGreaterThan(IMAGES);
  }

  private void checkImage(Path image, int count, Load load, String what) {
    int known = (int) durable.stream().filter(at -> at <= count).count();
    List<KeptHistory.Cut> cuts = history.cuts();
    while (known > 0 && known < cuts.size() && isOfOneMoment(cuts, known)) {
      known--; // The next one may be there, or not.
    }
    if (known == 0) {
      return;
    }
    KeptHistory found = new KeptHistory();
    cuts.subList(0, known).forEach(cut -> found.add(cut.time(), cut.model()));
    Instant last = cuts.get(known - 1).time();
    VirtualTime then = new VirtualTime();
    then.advance(Duration.between(then.now(), last));
    try (StoreRegistry registry = StoreRegistry.create(then);
        KeyValueStore store = registry.open(url(image, new Random(count)))) {
      // What was compacted had outlived the window by then.
      Instant cutAt = known < cuts.size() ? cuts.get(known).time() : time.now();
      found.check(store, load.universe(), cutAt.minus(WINDOW), last, new Random(count));
      history.compared += found.compared;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  private static boolean isOfOneMoment(List<KeptHistory.Cut> cuts, int next) {
    return cuts.get(next).time().equals(cuts.get(next - 1).time());
  }
}
