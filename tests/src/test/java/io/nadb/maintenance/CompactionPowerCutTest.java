package io.nadb.maintenance;

import static io.nadb.testing.Bytes.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power after every single operation of compactions that were asked for: what is found is
 * what had been flushed, and it can be compacted again.
 */
@Tag("proof")
class CompactionPowerCutTest {
  private static final int KEYS = 40;

  private static final int ROUNDS = Integer.getInteger("nadb.powercut.rounds", 1);

  private static final List<Fate> FATES =
      List.of(Fate.NAMES_KEPT, Fate.TORN, Fate.MOMENTS, Fate.RANDOM);

  /** Of so many operations, after one what is found is compacted once more, and opened again. */
  private static final int AGAIN = 5;

  @TempDir(factory = InMemory.class)
  Path temp;

  private final VirtualTime time = new VirtualTime();
  private Path world;
  private SimulatedDisk disk;

  /** How many operations had been done when the first compaction was asked for. */
  private int begun;

  /** What the store has had, each with how many operations had been done when it was flushed. */
  private final List<Flushed> flushed = new ArrayList<>();

  /**
   * What was flushed.
   *
   * @param from when the flush began
   * @param to when it had returned
   */
  private record Flushed(int from, int to, Map<String, String> content) {}

  @BeforeEach
  void begin() throws IOException {
    world = Files.createDirectory(temp.resolve("world"));
    disk = new SimulatedDisk(world);
  }

  private static String url(Path at, String more) {
    return "nadb:fs:" + at + "/data?flush=off&segment=64kb&sweep=off&metadata=none" + more;
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> found = new HashMap<>();
    for (String key : store.keys("")) {
      found.put(key, store.metadata(key) + new String(store.get(key).orElseThrow(), UTF_8));
    }
    return found;
  }

  private void flush(KeyValueStore store) {
    Map<String, String> content = content(store);
    int from = disk.count();
    store.flush();
    flushed.add(new Flushed(from, disk.count(), content));
  }

  private void run(String more) throws InterruptedException {
    try (StoreRegistry registry = new NadbRegistryProvider().create(time, disk);
        KeyValueStore store = registry.open(url(world, more))) {
      flush(store);
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < KEYS; i++) {
          store.set("key" + i, utf8((round + "x").repeat(1500)));
          if (i % 10 == 9) {
            flush(store);
          }
        }
        for (int i = round; i < KEYS; i += 3) {
          store.delete("key" + i);
        }
        store.touch("key" + (round + 1), Duration.ofDays(1));
        flush(store);
        time.advance(Duration.ofHours(1));
        begun = round == 0 ? disk.count() : begun;
        Compaction.of(store).run();
      }
      assertThat(store.stats().compactions()).isGreaterThanOrEqualTo(ROUNDS);
      store.set("last", utf8("1"));
      flush(store);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&history=30m"})
  void afterAPowerCutAtAnyMomentTheStoreHasWhatWasFlushed(String more)
      throws IOException, InterruptedException {
    run(more);
    CrashImage image = new CrashImage(disk);
    int images = 0;
    for (int count = begun; count <= disk.count(); count++) {
      image.advance(disk.operations(), count);
      List<Fate> fates =
          image.isCertain()
              ? List.of(Fate.KEPT)
              : List.of(Fate.KEPT, Fate.LOST, FATES.get(count % FATES.size()));
      for (Fate fate : fates) {
        Path to = temp.resolve("image" + images++);
        image.writeAll(world, to, fate, new Random(count));
        if (Files.isDirectory(to.resolve("data"))) {
          check(to, more, count, fate + " after operation " + count);
        }
        delete(to);
      }
    }
    System.out.println(images + " images of " + (disk.count() - begun) + " operations" + more);
  }

  private void check(Path image, String more, int count, String what) throws InterruptedException {
    List<Map<String, String>> allowed = new ArrayList<>();
    for (Flushed each : flushed) {
      if (each.to <= count) {
        allowed.clear();
      }
      if (each.from <= count) {
        allowed.add(each.content);
      }
    }
    Map<String, String> found;
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open(url(image, more))) {
      found = content(store);
      assertThat(allowed).as(what).contains(found);
      if (count % AGAIN == 0) {
        Compaction.of(store).run();
        assertThat(content(store)).as(what + ", compacted again").isEqualTo(found);
      }
    } catch (NadbException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
    if (count % AGAIN != 0) {
      return;
    }
    try (StoreRegistry registry = StoreRegistry.create(time);
        KeyValueStore store = registry.open(url(image, more))) {
      assertThat(content(store)).as(what + ", opened again").isEqualTo(found);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
