package io.nadb.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at all that a store has, while it is open. */
class StoreCheckTest {
  @TempDir Path temp;
  private final StoreRegistry registry = StoreRegistry.create(new VirtualTime());

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open(String options) {
    return registry.open(
        "nadb:fs:" + temp.resolve("data") + "?flush=off&segment=64kb&metadata=none" + options);
  }

  private static void fill(KeyValueStore store) {
    for (int i = 0; i < 40; i++) {
      store.set("key" + i, ("v" + i + "x".repeat(4000)).getBytes(UTF_8));
      if (i % 10 == 9) {
        store.flush();
      }
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("data/main/log"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  @Test
  void aSoundStoreIsCheckedToItsLastFlushAndInAll() throws Exception {
    try (KeyValueStore store = open("")) {
      fill(store);
      store.set("buffered", "v".getBytes(UTF_8));
      List<Long> told = new ArrayList<>();
      StoreCheck.Result result =
          StoreCheck.of(store).reporting((bytes, total) -> told.add(bytes)).run();

      assertThat(result.sequence()).as("flushed before").isEqualTo(41);
      assertThat(result.bytes()).isGreaterThan(40 * 4000);
      assertThat(told).last().isEqualTo(result.bytes());
    }
    try (KeyValueStore store = open("&access=read")) {
      assertThat(StoreCheck.of(store).run().sequence()).isEqualTo(41);
    }
  }

  @Test
  void howFarItIsIsToldAlsoAmidALargeFile() {
    try (KeyValueStore store =
        registry.open("nadb:fs:" + temp.resolve("large") + "?flush=off&metadata=none")) {
      for (int i = 0; i < 100; i++) {
        store.set("key" + i, "x".repeat(100_000).getBytes(UTF_8));
      }
      store.flush();
      List<Long> told = new ArrayList<>();
      List<Long> totals = new ArrayList<>();
      StoreCheck.Result result =
          StoreCheck.of(store)
              .reporting(
                  (bytes, total) -> {
                    told.add(bytes);
                    totals.add(total);
                  })
              .run();

      assertThat(told).isSorted().doesNotHaveDuplicates().hasSizeBetween(8, 11);
      assertThat(told).endsWith(result.bytes());
      assertThat(totals).containsOnly(result.bytes());
    }
  }

  @Test
  void aBitThatFlipsWhileTheStoreIsOpenIsFoundWhereverItIs() throws Exception {
    try (KeyValueStore store = open("")) {
      fill(store);
      Path segment = segments().get(1);
      long length = Files.size(segment);
      for (long at = 0; at < length; at += at < 128 ? 8 : 1009) {
        flip(segment, at);
        assertThatThrownBy(() -> StoreCheck.of(store).run())
            .as("at " + at)
            .isInstanceOf(NadbException.class) // As of the format's version, too.
            .hasMessageContaining(segment.getFileName().toString());
        flip(segment, at);
      }
      assertThat(StoreCheck.of(store).run().sequence()).isEqualTo(40);
    }
  }

  /** They round a record up to a multiple of 8, and nothing reads them. */
  @Test
  void noByteOfALogIsLeftOutButTheZerosBehindRecords() throws Exception {
    try (KeyValueStore store = open("&sweep=off&compression=none")) {
      for (int i = 0; i < 10; i++) {
        SetOptions options = SetOptions.tags("t" + i).withTtl(Duration.ofDays(1));
        store.set("key" + i, "x".repeat(i).getBytes(UTF_8), options);
      }
      store.flush();
      store.touch("key3", Duration.ofDays(2));
      store.delete("key5");
      store.flush();
      Path segment = segments().get(0);
      byte[] sound = Files.readAllBytes(segment);
      int length = Math.toIntExact(StoreCheck.of(store).run().bytes());
      int missed = 0;
      for (int at = 0; at < length; at++) {
        flip(segment, at);
        if (isFound(store)) {
          flip(segment, at);
          continue;
        }
        missed++;
        assertThat(Arrays.copyOfRange(sound, at, (at | 7) + 1)).as("at " + at).containsOnly(0);
        assertThat(store.keys("")).hasSize(9);
        assertThat(store.get("key9")).hasValueSatisfying(v -> assertThat(v).hasSize(9));
        flip(segment, at);
      }
      assertThat(missed).isLessThanOrEqualTo(12 * 7);
    }
  }

  private static boolean isFound(KeyValueStore store) {
    try {
      StoreCheck.of(store).run();
      return false;
    } catch (NadbException e) {
      return true;
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int old = open.read();
      open.seek(at);
      open.write(old ^ 4);
    }
  }

  @Test
  void aStoreWithoutFilesIsRefused() {
    try (KeyValueStore store = registry.open("nadb:mem:x")) {
      assertThatThrownBy(() -> StoreCheck.of(store).run())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }
}
