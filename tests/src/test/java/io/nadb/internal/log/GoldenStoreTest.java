package io.nadb.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.ChangesLostException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.StoreRegistry;
import io.nadb.feed.ChangeFeed;
import io.nadb.feed.KeyChange;
import io.nadb.spi.StorageBackend;
import io.nadb.spi.StorageBackend.Load;
import io.nadb.spi.StorageIo;
import io.nadb.testing.InMemory;
import io.nadb.testkit.VirtualTime;
import io.nadb.testkit.disk.CrashImage;
import io.nadb.testkit.disk.CrashImage.Fate;
import io.nadb.testkit.disk.SimulatedDisk;
import io.nadb.testkit.disk.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole stores as each format version has left them. Whoever has to change these files has changed
 * the format.
 */
class GoldenStoreTest {
  @TempDir(factory = InMemory.class)
  Path temp;

  private Map<String, Map<String, String>> expected(String version) throws IOException {
    try (LogBackend backend = GoldenStore.open(temp.resolve("lived"), StorageIo.system())) {
      List<Map<String, Map<String, String>>> boundaries =
          version.equals("version3")
              ? GoldenStore.live(backend, () -> {})
              : GoldenStore.liveWithoutTouches(backend);
      return boundaries.get(boundaries.size() - 1);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("log"))) {
      return files.sorted().toList();
    }
  }

  /** What compaction makes of it later is its own choice. */
  @Test
  void whatIsFlushedIsWrittenByteForByte() throws IOException {
    Path written = temp.resolve("written");
    try (LogBackend backend = GoldenStore.open(written, StorageIo.system())) {
      GoldenStore.begin(backend);
    }
    List<Path> golden = GoldenStore.files("version3-begun");
    assertThat(files(written).stream().map(Path::getFileName).toList())
        .isEqualTo(golden.stream().map(Path::getFileName).toList());
    for (Path file : golden) {
      assertThat(written.resolve("log").resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version1", "version2", "version3"})
  void aStoreIsReadAsItWasMeant(String version) throws IOException {
    Map<String, Map<String, String>> expected = expected(version);
    for (boolean hinted : new boolean[] {true, false}) {
      Path copy = temp.resolve(version + hinted);
      GoldenStore.copy(version, copy);
      if (!hinted) {
        deleteHints(copy);
      }
      for (int life = 0; life < 3; life++) {
        try (LogBackend backend = GoldenStore.open(copy, StorageIo.system(), life)) {
          assertThat(GoldenStore.read(backend)).isEqualTo(expected);
          assertThat(backend.recoveredSequence()).hasValue(version.equals("version3") ? 211 : 148);
          while (life == 1 && backend.maintain(Load.IDLE) == StorageBackend.AT_ONCE) {}
        }
      }
    }
  }

  private static void deleteHints(Path directory) throws IOException {
    for (Path file : files(directory)) {
      if (file.toString().endsWith(".hint")) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aStoreOfVersion1HasOnceOpenedAllItsFilesOrIsRefused() throws IOException {
    Path converted = temp.resolve("converted");
    GoldenStore.copy("version1", converted);
    GoldenStore.open(converted, StorageIo.system()).close();
    assertThat(converted.resolve("log/0000000016.seg")).exists();
    for (Path file : files(converted)) {
      String name = file.getFileName().toString();
      if (!name.endsWith(".hint")) {
        Path copy = temp.resolve("without " + name);
        CrashImage.copy(converted, copy);
        Files.delete(copy.resolve("log").resolve(name));
        assertThatThrownBy(() -> GoldenStore.open(copy, StorageIo.system()).close())
            .isInstanceOf(NadbException.class)
            .hasMessageContaining(name)
            .hasMessageContaining("missing");
      }
    }
  }

  /** What was written before knows neither a lineage nor a time. */
  @Test
  void aStoreOfVersion1CanBeFollowedFromItsFirstFlushWithThisVersionOn() throws Exception {
    Path data = temp.resolve("data");
    GoldenStore.copy("version1", data.resolve("main"));
    String url = "nadb:fs:" + data + "?flush=off&sweep=off&metadata=none";
    try (StoreRegistry registry = StoreRegistry.create(new VirtualTime());
        KeyValueStore store = registry.open(url)) {
      String before = ChangeFeed.bookmark(store);
      assertThat(before).endsWith("-148");
      assertThatThrownBy(() -> ChangeFeed.of(store, "1-any-0"))
          .isInstanceOfSatisfying(
              ChangesLostException.class, lost -> assertThat(lost.oldest()).isEqualTo(before));
      store.set("new", new byte[1]);
      store.flush();

      try (ChangeFeed feed = ChangeFeed.of(store, before)) {
        assertThat(feed.take().changes()).extracting(KeyChange::key).containsExactly("new");
      }
    }
  }

  @Test
  void aConversionThatEndsAnywhereIsDoneAgain() throws IOException {
    Map<String, Map<String, String>> expected = expected("version1");
    Path store = temp.resolve("store");
    GoldenStore.copy("version1", store);
    SimulatedDisk disk = new SimulatedDisk(store);
    GoldenStore.open(store, disk).close();
    CrashImage image = new CrashImage(disk);
    assertThat(disk.count()).isGreaterThan(10);
    for (int count = 0; count <= disk.count(); count++) {
      image.advance(disk.operations(), count);
      for (Fate fate : Fate.values()) {
        Path crashed = temp.resolve(count + "-" + fate);
        image.write(store, crashed, fate, new Random(count));
        for (int life = 0; life < 2; life++) {
          try (LogBackend backend = GoldenStore.open(crashed, StorageIo.system(), 2 + life)) {
            assertThat(GoldenStore.read(backend)).as("%s, %s", count, fate).isEqualTo(expected);
          } catch (NadbException e) {
            throw new AssertionError(count + ", " + fate + ", life " + life, e);
          }
        }
      }
    }
  }

  @Test
  void aConversionThatFailsAnywhereIsDoneAgain() throws IOException {
    Map<String, Map<String, String>> expected = expected("version1");
    AtomicBoolean struck = new AtomicBoolean(true);
    int failures = 0;
    for (int i = 0; struck.getAndSet(false); i++) {
      Path store = temp.resolve("store" + i);
      GoldenStore.copy("version1", store);
      SimulatedDisk disk = new SimulatedDisk(store);
      int failing = i;
      disk.failing(index -> index == failing && !struck.getAndSet(true) ? Fault.HALF_DONE : null);
      try (LogBackend backend = GoldenStore.open(store, disk, i)) {
        assertThat(GoldenStore.read(backend)).isEqualTo(expected);
      } catch (IOException e) {
        failures++;
      }
      disk.heal();
      try (LogBackend backend = GoldenStore.open(store, disk, i)) {
        assertThat(GoldenStore.read(backend)).isEqualTo(expected);
      }
    }
    assertThat(failures).isGreaterThan(5);
  }
}
