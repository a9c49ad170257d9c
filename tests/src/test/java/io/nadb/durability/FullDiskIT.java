package io.nadb.durability;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.text;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreLockedException;
import io.nadb.StoreRegistry;
import io.nadb.StoreState;
import io.nadb.testing.ChildJvm;
import io.nadb.testing.Crash;
import io.nadb.testing.FullDisk;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A disk that is really full, and has space again later. */
class FullDiskIT {
  @TempDir private Path disk;
  @TempDir private Path elsewhere;

  static Stream<FullDisk> disks() {
    return FullDisk.available();
  }

  static Stream<Arguments> disksAndDurabilities() {
    return disks()
        .flatMap(
            kind ->
                Stream.of("buffered", "written", "synced")
                    .map(durability -> Arguments.of(kind, durability)));
  }

  private void run(FullDisk kind, Class<?> main, String... more) throws Exception {
    String[] arguments =
        Stream.concat(
                Stream.of(kind.name(), disk.toString(), elsewhere.toString()), Stream.of(more))
            .toArray(String[]::new);
    try (ChildJvm child = kind.start(disk, main, arguments)) {
      assertThat(child.line()).as("its standard error says why not").isEqualTo("passed");
      assertThat(child.exitCode()).isZero();
    }
  }

  private static void assertRefused(FullDisk kind, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOf(NadbException.class)
        .hasMessageContaining(kind.reason())
        .hasMessageContaining("nothing is lost: the buffer keeps the writes")
        .hasRootCauseInstanceOf(IOException.class);
  }

  /** Writes, fills the disk, writes on, frees it and sees the store heal: twice. */
  static final class Heals {
    private static final List<Integer> LENGTHS = List.of(40_000, 70_000, 300_000);

    private final FullDisk kind;
    private final Path disk;
    private final Path elsewhere;
    private final String durability;
    private final VirtualTime time = new VirtualTime();

    private Heals(String[] arguments) {
      this.kind = FullDisk.valueOf(arguments[0]);
      this.disk = Path.of(arguments[1]);
      this.elsewhere = Path.of(arguments[2]);
      this.durability = arguments[3];
    }

    public static void main(String[] arguments) throws Exception {
      new Heals(arguments).run();
      System.out.println("passed");
    }

    private void run() throws Exception {
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = open(registry);
        store.set("first", random(40_000), SetOptions.tags("t"));
        store.flush();
        fillAndFree(store, "by flush", store::flush);
        fillAndFree(store, "by itself", () -> time.advance(Duration.ofSeconds(5)));
      }
      try (StoreRegistry registry = StoreRegistry.create(time)) {
        KeyValueStore store = open(registry);
        assertThat(store.get("first")).hasValue(random(40_000));
        assertHas(store, "by flush");
        assertHas(store, "by itself");
        assertThat(store.keys("")).hasSize(1 + 2 * LENGTHS.size());
      }
    }

    private KeyValueStore open(StoreRegistry registry) {
      return registry.open(
          "nadb:fs:"
              + disk.resolve("data")
              + "?segment=64kb&buffer=512kb&flush=5s&durability="
              + durability);
    }

    private void fillAndFree(KeyValueStore store, String prefix, Runnable healing)
        throws Exception {
      long acknowledged = store.durableSequence();
      kind.fill(disk);
      for (int length : LENGTHS) {
        if (durability.equals("buffered")) {
          store.set(prefix + length, random(length));
        } else {
          assertRefused(kind, () -> store.set(prefix + length, random(length)));
        }
      }
      assertRefused(kind, store::flush);
      time.advance(Duration.ofSeconds(5));

      assertThat(store.stats().state()).isEqualTo(StoreState.DEGRADED);
      assertThat(store.stats().lastFailure().orElseThrow()).contains(kind.reason());
      assertThat(store.durableSequence()).isEqualTo(acknowledged);
      assertThat(store.get("first")).as("an old value").hasValue(random(40_000));
      assertThat(store.metadata("first").orElseThrow().tags()).containsExactly("t");
      assertHas(store, prefix);

      kind.free(disk);
      assertKilledNowWouldHaveNothingOf(prefix);
      healing.run();
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
      assertThat(store.durableSequence()).isEqualTo(store.stats().sequence());
      assertHas(store, prefix);
    }

    private static void assertHas(KeyValueStore store, String prefix) {
      for (int length : LENGTHS) {
        assertThat(store.get(prefix + length)).hasValue(random(length));
      }
    }

    /** What no write has acknowledged may be there or not, but here none of it got so far. */
    private void assertKilledNowWouldHaveNothingOf(String prefix) throws IOException {
      Path copy = Crash.copy(disk.resolve("data"), elsewhere.resolve(prefix));
      try (StoreRegistry other = StoreRegistry.create(time);
          KeyValueStore left = other.open("nadb:fs:" + copy)) {
        assertThat(left.get("first")).hasValue(random(40_000));
        for (int length : LENGTHS) {
          assertThat(left.contains(prefix + length)).isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("disksAndDurabilities")
  void aFullDiskLosesNothingAndSpaceHealsTheStore(FullDisk kind, String durability)
      throws Exception {
    run(kind, Heals.class, durability);
  }

  /** Dies with a store open that has one entry on disk. */
  static final class Halts {
    public static void main(String[] arguments) {
      KeyValueStore store = NadbDriverManager.open(arguments[0]);
      store.set("k", utf8("v"), SetOptions.tags("t"));
      store.flush();
      store.set("never flushed", utf8("v"));
      Runtime.getRuntime().halt(0);
    }
  }

  /** Opens stores that were closed, killed, and never there, on a full disk. */
  static final class Opens {
    public static void main(String[] arguments) throws Exception {
      FullDisk kind = FullDisk.valueOf(arguments[0]);
      Path disk = Path.of(arguments[1]);
      String closed = "nadb:fs:" + disk.resolve("closed") + "?segment=64kb";
      String killed = "nadb:fs:" + disk.resolve("killed") + "?segment=64kb";
      String fresh = "nadb:fs:" + disk.resolve("fresh") + "?segment=64kb";
      try (KeyValueStore store = NadbDriverManager.open(closed)) {
        store.set("k", utf8("v"), SetOptions.tags("t"));
      }
      try (ChildJvm halting = ChildJvm.start(Halts.class, killed)) {
        assertThat(halting.exitCode()).isZero();
      }
      kind.fill(disk);
      try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
        for (String url : List.of(closed, killed)) {
          KeyValueStore store = registry.open(url);
          assertThat(text(store, "k")).contains("v");
          assertThat(store.metadata("k").orElseThrow().tags()).containsExactly("t");
          assertThat(store.contains("never flushed")).isFalse();
        }
        for (String url : List.of(closed, killed, fresh)) {
          KeyValueStore store = registry.open(url);
          store.set("more", random(100_000));
          assertRefused(kind, store::flush);
          assertOursAlone(url);
        }
        try (ChildJvm another = ChildJvm.start(Halts.class, fresh)) {
          assertThat(another.exitCode()).as("it does not get in").isEqualTo(1);
        }
        kind.free(disk);
        for (String url : List.of(closed, killed, fresh)) {
          registry.open(url).flush();
        }
      }
      try (StoreRegistry registry = StoreRegistry.create(new VirtualTime())) {
        for (String url : List.of(closed, killed, fresh)) {
          assertThat(registry.open(url).get("more")).hasValue(random(100_000));
        }
        assertThat(text(registry.open(killed), "k")).contains("v");
      }
      System.out.println("passed");
    }

    /** Even if there was no room for a note of who has it. */
    private static void assertOursAlone(String url) {
      try (StoreRegistry other = StoreRegistry.create(new VirtualTime())) {
        assertThatThrownBy(() -> other.open(url))
            .isInstanceOf(StoreLockedException.class)
            .hasMessageContaining("is already open by another registry of this process");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("disks")
  void aStoreCanBeOpenedOnAFullDisk(FullDisk kind) throws Exception {
    run(kind, Opens.class);
  }
}
