package io.nadb.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.internal.registry.NadbRegistryProvider;
import io.nadb.spi.StorageIo;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does random things to a store and to a map, and compares them after every few steps. */
class ModelTest {
  private static final int RUNS = Integer.getInteger("nadb.model.runs", 3);
  private static final int STEPS = Integer.getInteger("nadb.model.steps", 600);

  private static final List<String> METADATA =
      List.of("metadata.db", "metadata.db-wal", "metadata.db-shm");

  @TempDir Path temp;

  static Stream<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    long random = Long.getLong("nadb.model.seed", new Random().nextLong());
    for (int run = 0; run < RUNS; run++) {
      for (String durability : List.of("buffered", "written", "synced")) {
        String[] codecs = {"none", "zlib", "zstd"};
        // Neighbours would begin with the same few choices: Random is known for that.
        long seed = run == 0 ? random : new SplittableRandom(run).nextLong();
        settings.add(new Setting("fs", durability, codecs[run % codecs.length], seed));
      }
    }
    settings.add(new Setting("mem", "buffered", "none", 1));
    settings.add(new Setting("mem", "written", "none", random));
    return settings.stream();
  }

  record Setting(String scheme, String durability, String compression, long seed) {}

  @ParameterizedTest
  @MethodSource("settings")
  void aStoreIsAMapWithTimeThatRemembersItsFlushes(Setting setting) throws IOException {
    new Run(temp, setting).run();
  }

  /** One run. */
  private static final class Run {
    private final Path temp;
    private final Setting setting;
    private final Random random;
    private final Load load;
    private final Set<String> universe;
    private final String options;
    private final boolean sweeps;
    private final VirtualTime time = new VirtualTime();
    private StoreRegistry registry;
    private KeyValueStore store;
    private StoreModel model = new StoreModel();
    private StoreModel flushed = new StoreModel();
    private Path directory;
    private Path olderMetadata;
    private int directories;

    Run(Path temp, Setting setting) throws IOException {
      this.temp = temp;
      this.setting = setting;
      this.random = new Random(setting.seed);
      this.load = new Load(random, 80, 9000);
      this.universe = load.universe();
      this.sweeps = random.nextBoolean();
      this.options =
          "?buffer=16kb&sweep="
              + (sweeps ? "60s" : "off")
              + "&flush="
              + (random.nextBoolean() ? "5s" : "off")
              + "&durability="
              + setting.durability
              + (isOnDisk()
                  ? "&segment=64kb&compression=" + setting.compression + "&memory=" + memory()
                  : "");
      this.directory = temp.resolve("0");
      this.olderMetadata = Files.createDirectory(temp.resolve("older"));
      this.registry = new NadbRegistryProvider().create(time, StorageIo.system());
      this.store = registry.open(url(""));
      try (KeyValueStore neighbour = registry.open(url("&namespace=other"))) {
        neighbour.set("key:1", new byte[] {1});
        neighbour.flush();
      }
    }

    /** Enough, none, or so little that the log outgrows it and fits again. */
    private String memory() {
      return List.of("auto", "0b", "100kb").get(random.nextInt(3));
    }

    private boolean isOnDisk() {
      return setting.scheme.equals("fs");
    }

    private String url(String more) {
      return "nadb:" + setting.scheme + ":" + directory + options + more;
    }

    void run() throws IOException {
      for (int step = 0; step < STEPS; step++) {
        long flushes = store.stats().flushCount();
        int dice = random.nextInt(1000);
        boolean reopened = dice < 30 && isOnDisk() && reopen(dice);
        if (!reopened) {
          doSomething(step, dice);
        }
        boolean isBoundary = !reopened && store.stats().flushCount() != flushes;
        if (isBoundary || !setting.durability.equals("buffered")) {
          flushed = model.copy();
        }
        if (reopened || step % 20 == 0 || step == STEPS - 1) {
          compare("step " + step);
        }
      }
      registry.close();
    }

    private void doSomething(int step, int dice) {
      if (dice < 80) {
        store.flush();
      } else if (dice < 130) {
        time.advance(Duration.ofMillis(random.nextInt(20_000)));
      } else if (dice < 145) {
        int expected = model.cleanupExpired(time.now());
        int removed = store.cleanupExpired();
        if (!sweeps) {
          assertThat(removed).as("removed at step %s of %s", step, setting).isEqualTo(expected);
        }
      } else if (dice < 149) {
        store.clear();
        model.clear();
      } else {
        load.next(model, time.now()).to(store);
      }
    }

    private void compare(String when) {
      assertThat(StoreModel.read(store, universe))
          .as("%s of %s", when, setting)
          .isEqualTo(model.at(time.now()));
      try (KeyValueStore neighbour = registry.open(url("&namespace=other"))) {
        assertThat(neighbour.keys("")).containsExactly("key:1");
        assertThat(neighbour.get("key:1")).hasValue(new byte[] {1});
      }
    }

    private boolean reopen(int dice) throws IOException {
      if (dice < 10) {
        registry.close();
        flushed = model.copy();
        if (random.nextBoolean()) {
          Files.deleteIfExists(database().resolve("metadata.db"));
        }
      } else {
        Path image = temp.resolve(Integer.toString(++directories));
        CrashImage.copy(database(), image.resolve("main"));
        registry.close();
        directory = image;
        model = flushed.copy();
        changeMetadata();
      }
      registry = new NadbRegistryProvider().create(time, StorageIo.system());
      store = registry.open(url(""));
      return true;
    }

    private Path database() {
      return directory.resolve("main");
    }

    /** Takes the metadata database away, or takes it back to an earlier state, or leaves it. */
    private void changeMetadata() throws IOException {
      switch (random.nextInt(4)) {
        case 0 -> deleteMetadata(database());
        case 1 -> {
          deleteMetadata(database());
          copyMetadata(olderMetadata, database());
        }
        case 2 -> {
          deleteMetadata(olderMetadata);
          copyMetadata(database(), olderMetadata);
        }
        default -> {}
      }
    }

    private static void deleteMetadata(Path from) throws IOException {
      for (String name : METADATA) {
        Files.deleteIfExists(from.resolve(name));
      }
    }

    private static void copyMetadata(Path from, Path to) throws IOException {
      for (String name : METADATA) {
        if (Files.exists(from.resolve(name))) {
          Files.copy(from.resolve(name), to.resolve(name));
        }
      }
    }
  }
}
