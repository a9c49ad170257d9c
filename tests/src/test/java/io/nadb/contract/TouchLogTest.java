package io.nadb.contract;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What touches leave in the log: as little for a large value as for a small one, and no more. */
class TouchLogTest extends ReopenedStore {
  private static final Duration HOUR = Duration.ofHours(1);

  private KeyValueStore reopenWithoutHints(String options) throws IOException {
    registry.close();
    try (Stream<Path> files = Files.list(directory.resolve("main/log"))) {
      for (Path hint : files.filter(file -> file.toString().endsWith(".hint")).toList()) {
        Files.delete(hint);
      }
    }
    return reopen(options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"buffered", "written", "synced"})
  void whatATouchAddsToTheLogDoesNotGrowWithTheValue(String durability) {
    KeyValueStore store = open("flush=off&durability=" + durability);
    long[] added = new long[3];
    int[] sizes = {100, 1 << 20, 8 << 20};
    for (int i = 0; i < sizes.length; i++) {
      String key = "key" + i;
      store.set(key, random(sizes[i]), SetOptions.tags("tag"));
      store.flush();
      long before = store.stats().totalBytes();
      assertThat(store.touch(key, HOUR)).isTrue();
      assertThat(store.stats().bufferedBytes()).as("buffered").isLessThan(100);
      store.flush();
      added[i] = store.stats().totalBytes() - before;
      assertThat(store.touch(key, HOUR)).as("once more").isTrue();
      store.flush();
      assertThat(store.stats().totalBytes() - before).isEqualTo(2 * added[i]);
      assertThat(store.get(key).orElseThrow()).isEqualTo(random(sizes[i]));
    }
    assertThat(added[0]).isPositive().isLessThan(250);
    assertThat(added).containsOnly(added[0]);
  }

  /** With that durability, the buffer still has the value, and the log has it, too. */
  @Test
  void aTouchOfWhatIsMerelyWrittenIsSmallInTheLog() {
    KeyValueStore store = open("flush=off&durability=written");
    store.set("key", random(1 << 20));
    long before = store.stats().totalBytes();
    for (int i = 0; i < 3; i++) {
      store.touch("key", HOUR);
    }
    assertThat(store.stats().totalBytes() - before).isPositive().isLessThan(3 * 250);
    assertThat(store.get("key").orElseThrow()).isEqualTo(random(1 << 20));
    store.flush();
    assertThat(store.stats().totalBytes() - before).isLessThan(4 * 250);
    assertThat(reopen("flush=off").get("key").orElseThrow()).isEqualTo(random(1 << 20));
  }

  /** What is set and touched between two flushes is one write. */
  @Test
  void aTouchOfABufferedValueIsFlushedTogetherWithIt() {
    KeyValueStore store = open("flush=off");
    store.set("key", random(1000));
    long buffered = store.stats().bufferedBytes();
    store.touch("key", HOUR);
    assertThat(store.stats().bufferedBytes()).isEqualTo(buffered);
    assertThat(store.stats().bufferedKeys()).isEqualTo(1);
    store.flush();
    assertThat(store.stats().liveBytes()).isLessThan(1500);
    store.set("key", random(2000));
    store.touch("key", HOUR);
    store.set("key", random(3000));
    store.flush();
    store = reopen("flush=off");
    assertThat(store.get("key").orElseThrow()).isEqualTo(random(3000));
    assertThat(store.metadata("key").orElseThrow().expiresAt()).isEmpty();
  }

  @Test
  void touchDoesNotReadTheValueAndADamagedOneIsNamedByWhoReadsIt() throws IOException {
    KeyValueStore store = open("flush=off");
    store.set("key", utf8("a value to be found"));
    store.flush();
    Path segment = directory.resolve("main/log/0000000001.seg");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(Files.size(segment) - 1);
      byte[] content = Files.readAllBytes(segment);
      int at = indexOf(content, utf8("a value to be found"));
      file.seek(at);
      file.write('A');
    }
    assertThat(store.touch("key", HOUR)).isTrue();
    for (int i = 0; i < 2; i++) {
      assertThat(store.metadata("key").orElseThrow().expiresAt()).contains(time.now().plus(HOUR));
      KeyValueStore asked = store;
      assertThatThrownBy(() -> asked.get("key"))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("0000000001.seg");
      store.flush();
    }
  }

  private static int indexOf(byte[] content, byte[] part) {
    return IntStream.range(0, content.length - part.length)
        .filter(at -> ByteBuffer.wrap(content, at, part.length).equals(ByteBuffer.wrap(part)))
        .findFirst()
        .orElseThrow();
  }

  private static final int KEYS = 200;

  /** All that a store shows of its entries. */
  private record Content(List<EntryMetadata> tagged, Map<EntryMetadata, ByteBuffer> values) {
    static Content of(KeyValueStore store) {
      Map<EntryMetadata, ByteBuffer> values = new TreeMap<>((a, b) -> a.key().compareTo(b.key()));
      for (String key : store.keys("")) {
        values.put(
            store.metadata(key).orElseThrow(), ByteBuffer.wrap(store.get(key).orElseThrow()));
      }
      return new Content(store.queryByTags("even"), values);
    }
  }

  private static void set(KeyValueStore store, int key, int round) {
    SetOptions options = key % 2 == 0 ? SetOptions.tags("even") : SetOptions.none();
    store.set("key" + key, random(1000 + key + round), options);
  }

  /** Segments are rewritten that have values, that have touches, and that have both. */
  @ParameterizedTest
  @ValueSource(strings = {"compression=none", "memory=0b&compression=zlib"})
  void compactionKeepsTouchesAndTheirValuesTogether(String more) throws IOException {
    String options = "segment=64kb&buffer=64kb&flush=5s&sweep=60s&" + more;
    KeyValueStore store = open(options);
    Map<Integer, Instant> expiries = new TreeMap<>();
    int[] rounds = new int[KEYS];
    for (int i = 0; i < KEYS; i++) {
      set(store, i, 0);
    }
    for (int round = 1; round < 12; round++) {
      for (int i = 0; i < KEYS; i++) {
        if ((i * 7 + round) % 5 == 0 && i % 4 != 0) {
          set(store, i, round);
          rounds[i] = round;
          expiries.remove(i);
        } else if ((i + round) % 3 == 0) {
          assertThat(store.touch("key" + i, Duration.ofDays(round))).isTrue();
          expiries.put(i, time.now().plus(Duration.ofDays(round)));
        }
      }
      store.flush();
      time.advance(Duration.ofSeconds(5));
      for (int i = 0; i < KEYS; i++) {
        assertThat(store.get("key" + i).orElseThrow())
            .as("key%s in round %s", i, round)
            .isEqualTo(random(1000 + i + rounds[i]));
        assertThat(store.metadata("key" + i).orElseThrow().expiresAt())
            .isEqualTo(Optional.ofNullable(expiries.get(i)));
      }
      Content content = Content.of(store);
      long live = store.stats().liveBytes();
      store = round % 2 == 0 ? reopen(options) : reopenWithoutHints(options);
      assertThat(Content.of(store)).isEqualTo(content);
      assertThat(store.stats().liveBytes()).as("in round %s", round).isEqualTo(live);
    }
    for (int i = 0; i < 60; i++) {
      set(store, 1000 + i, 0);
    }
    time.advance(Duration.ofSeconds(5));
    assertThat(store.stats().totalBytes()).isLessThan(2 * store.stats().liveBytes());
  }

  /** Who touches large values again and again does not have compaction copy these each time. */
  @Test
  void whatIsLeftOfManyTouchesIsOneForEachEntry() {
    String options = "segment=64kb&flush=5s&sweep=off";
    KeyValueStore store = open(options);
    for (int i = 0; i < 20; i++) {
      store.set("key" + i, random(30_000));
    }
    store.flush();
    long values = store.stats().totalBytes();
    for (int round = 0; round < 300; round++) {
      for (int i = 0; i < 20; i++) {
        store.touch("key" + i, HOUR);
      }
      store.flush();
    }
    time.advance(Duration.ofSeconds(5));
    assertThat(store.stats().compactions()).isPositive();
    assertThat(store.stats().totalBytes()).isLessThan(values + (128 << 10));
    assertThat(store.stats().liveBytes()).isBetween(values * 9 / 10, values + 20 * 250);
    for (int i = 0; i < 20; i++) {
      assertThat(store.get("key" + i).orElseThrow()).isEqualTo(random(30_000));
    }
  }

  /** A deletion hides the value and each touch of it, wherever they are. */
  @Test
  void whatWasTouchedAndDeletedDoesNotComeBack() throws IOException {
    String options = "segment=64kb&flush=5s&sweep=off";
    KeyValueStore store = open(options);
    for (int i = 0; i < 40; i++) {
      store.set("key" + i, random(1500));
    }
    store.flush();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 20; i++) {
        store.touch("key" + i, HOUR);
      }
      for (int i = 0; i < 40; i++) {
        store.set("filler" + i, random(1500));
      }
      store.flush();
    }
    for (int i = 0; i < 20; i++) {
      store.delete("key" + i);
    }
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 40; i++) {
        store.set("filler" + i, random(1500));
      }
      store.flush();
      time.advance(Duration.ofSeconds(5));
      store = reopenWithoutHints(options);
      assertThat(store.keys("key")).hasSize(20);
      assertThat(store.get("key0")).isEmpty();
      assertThat(store.touch("key0", HOUR)).isFalse();
    }
    assertThat(store.stats().totalBytes()).isLessThan(4 * (64 << 10));
  }
}
