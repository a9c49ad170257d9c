package io.nadb.internal.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreStats;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.format.SegmentHeader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hints that are written along with the segment, of stores that were killed, closed, and damaged.
 */
class HintFileTest {
  private static final int KEYS = 5000;
  private static final String OPTIONS = "?db=app&buffer=16mb&flush=off&sweep=off&metadata=none";

  @TempDir Path temporary;
  private Path original;
  private int copies;

  @BeforeEach
  void nameDirectories() {
    original = temporary.resolve("original");
  }

  private static KeyValueStore open(Path directory, String more) {
    return NadbDriverManager.open("nadb:fs:" + directory + OPTIONS + more);
  }

  private static void fill(KeyValueStore store, int from, int to, int round) {
    for (int i = from; i < to; i++) {
      store.set("key" + i, value(i, round));
    }
  }

  private static byte[] value(int i, int round) {
    return ByteBuffer.allocate(100).putInt(i).putInt(round).array();
  }

  private static void assertHolds(KeyValueStore store, int from, int to, int round) {
    for (int i = from; i < to; i++) {
      assertThat(store.get("key" + i)).as("key%s", i).hasValue(value(i, round));
    }
  }

  /** What a process that is killed now leaves. */
  private Path killed() throws IOException {
    return copy(original);
  }

  private Path copy(Path from) throws IOException {
    Path to = temporary.resolve("copy" + copies++);
    Files.createDirectories(to.resolve("app/log"));
    for (Path file : files(from)) {
      Files.copy(file, to.resolve("app/log").resolve(file.getFileName()));
    }
    return to;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory.resolve("app/log"))) {
      return files.sorted().toList();
    }
  }

  private static Path segment(Path directory) {
    return directory.resolve("app/log/0000000001.seg");
  }

  private static HintFile.Hint hint(Path directory) throws IOException {
    Path segment = segment(directory);
    SegmentHeader header = SegmentHeader.read(new LogFiles.Found(1, segment));
    return Objects.requireNonNull(HintFile.read(segment, header), "no hint");
  }

  @Test
  void aKilledStoreHasAHintForAllButItsLastRecords() throws IOException {
    try (KeyValueStore store = open(original, "")) {
      for (int cut = 0; cut < 10; cut++) {
        fill(store, cut * 500, cut * 500 + 500, 0);
        store.flush();
      }
      fill(store, 0, 400, 1);
      store.flush();
      Path killed = killed();
      HintFile.Hint hint = hint(killed);
      int entries = hint.blocks().stream().mapToInt(block -> block.length / 3).sum();
      assertThat(entries).isBetween(KEYS, KEYS + 399);
      assertThat(hint.end()).isLessThan(Files.size(segment(killed)));
    }
  }

  @Test
  void aCutThatFillsSeveralBlocksIsOnlyCoveredAsAWhole() throws IOException {
    try (KeyValueStore store = open(original, "")) {
      store.set("before", new byte[1]);
      store.flush();
      fill(store, 0, KEYS, 0);
      store.flush();
      StoreStats stats = store.stats();
      try (KeyValueStore opened = open(killed(), "")) {
        assertHolds(opened, 0, KEYS, 0);
        assertThat(opened.stats().keys()).isEqualTo(stats.keys());
        assertThat(opened.stats().liveBytes()).isEqualTo(stats.liveBytes());
      }
    }
  }

  @Test
  void anEntryOfACutThatAPowerCutTookIsNotBelieved() throws IOException {
    try (KeyValueStore store = open(original, "&durability=written")) {
      store.set("before", new byte[1]);
      store.flush();
      // Each set is written without a sync; their entries fill blocks all the same.
      fill(store, 0, KEYS, 0);
      Path cut = killed();
      HintFile.Hint hint = hint(cut);
      try (RandomAccessFile file = new RandomAccessFile(segment(cut).toFile(), "rw")) {
        file.setLength(hint.end());
      }
      try (KeyValueStore opened = open(cut, "")) {
        assertThat(opened.keys("")).containsExactly("before");
        assertThat(opened.stats().keys()).isEqualTo(1);
      }
    }
  }

  @Test
  void aHintThatIsAheadOfTheLogIsNotGoneOnWith() throws IOException {
    String written = "&durability=written&segment=1mb";
    try (KeyValueStore store = open(original, written)) {
      fill(store, 0, 700, 0);
      store.flush();
      for (int round = 1; round <= 3; round++) {
        fill(store, 0, 700, round);
      }
      Path cut = killed();
      try (RandomAccessFile file = new RandomAccessFile(segment(cut).toFile(), "rw")) {
        file.setLength(hint(cut).end()); // The power went; the hint was on disk, the rest not yet.
      }
      try (KeyValueStore opened = open(cut, written)) {
        assertHolds(opened, 0, 700, 0);
        fill(opened, 1000, 1200, 7);
        opened.flush();
        for (int round = 8; round < 12; round++) {
          fill(opened, 1000, 1700, round);
          opened.flush();
        }
      }
      for (int life = 0; life < 2; life++) {
        try (KeyValueStore opened = open(cut, written)) {
          assertHolds(opened, 0, 700, 0);
          assertHolds(opened, 1000, 1700, 11);
          assertThat(opened.stats().keys()).isEqualTo(1400);
        }
      }
    }
  }

  @Test
  void manySegmentsWithOverwritesAndDeletionsAreReadFromTheirHintsAsTheyWere() throws IOException {
    StoreStats stats;
    try (KeyValueStore store = open(original, "&segment=1mb")) {
      for (int round = 0; round < 5; round++) {
        fill(store, 0, KEYS, round);
        store.flush();
        for (int i = round; i < KEYS; i += 7) {
          store.delete("key" + i);
        }
        store.flush();
      }
      stats = store.stats();
    }
    assertThat(files(original))
        .filteredOn(file -> file.toString().endsWith(".hint"))
        .hasSizeGreaterThan(2);
    try (KeyValueStore opened = open(original, "&segment=1mb")) {
      assertThat(opened.stats().keys()).isEqualTo(stats.keys());
      assertThat(opened.stats().liveBytes()).isEqualTo(stats.liveBytes());
      for (int i = 0; i < KEYS; i++) {
        assertThat(opened.get("key" + i).isPresent()).isEqualTo(i % 7 != 4);
      }
      assertHolds(opened, 5, 11, 4);
    }
  }

  @Test
  void aHintOfMoreBlocksThanAreReadAtOnceIsReadInItsOrder() throws IOException {
    int cuts = 600;
    StoreStats stats;
    try (KeyValueStore store = open(original, "")) {
      for (int cut = 0; cut < cuts; cut++) { // Each is a block, and all replace the same keys.
        fill(store, 0, 512, cut);
        store.flush();
      }
      stats = store.stats();
    }
    assertThat(hint(original).blocks()).hasSizeGreaterThanOrEqualTo(cuts);
    try (KeyValueStore opened = open(original, "")) {
      assertHolds(opened, 0, 512, cuts - 1);
      assertThat(opened.stats().keys()).isEqualTo(512);
      assertThat(opened.stats().liveBytes()).isEqualTo(stats.liveBytes());
    }
  }

  @Test
  void aHintOfACutThatIsNotOnDiskDescribesNone() throws IOException {
    try (KeyValueStore store = open(original, "")) {
      fill(store, 0, KEYS, 0);
    }
    Path segment = segment(original);
    SegmentHeader header = SegmentHeader.read(new LogFiles.Found(1, segment));
    assertThat(HintFile.describesCut(segment, header)).isTrue();
    // The first block was full before the cut was synced.
    try (RandomAccessFile file = new RandomAccessFile(HintFile.of(segment).toFile(), "rw")) {
      int block = HintFile.BLOCK_BYTES + HintFile.ENTRIES * HintFile.ENTRY_BYTES;
      file.setLength(HintFile.HEADER_BYTES + block);
    }
    assertThat(HintFile.describesCut(segment, header)).isFalse();
    HintFile.Hint hint = hint(original);
    assertThat(hint.end()).isEqualTo(SegmentFormat.HEADER_BYTES);
    assertThat(hint.isWhole()).as("with entries of a cut that is not on disk").isFalse();
  }

  @Test
  void aHintWithARestIsNotWhole() throws IOException {
    try (KeyValueStore store = open(original, "")) {
      fill(store, 0, KEYS, 0);
    }
    assertThat(hint(original).isWhole()).isTrue();
    Files.write(HintFile.of(segment(original)), new byte[5], StandardOpenOption.APPEND);
    assertThat(hint(original).isWhole()).isFalse();
  }

  @Test
  void aHintCutAnywhereCostsTimeAlone() throws IOException {
    try (KeyValueStore store = open(original, "")) {
      for (int round = 0; round < 3; round++) {
        fill(store, 0, KEYS, round);
        store.flush();
      }
    }
    long length = Files.size(HintFile.of(segment(original)));
    assertThat(length).isGreaterThan(3L * KEYS * HintFile.ENTRY_BYTES);
    for (long at = 0; at <= length; at += length / 23) {
      Path copy = copy(original);
      try (RandomAccessFile file =
          new RandomAccessFile(HintFile.of(segment(copy)).toFile(), "rw")) {
        file.setLength(at);
      }
      try (KeyValueStore opened = open(copy, "")) {
        assertHolds(opened, 0, KEYS, 2);
        assertThat(opened.stats().keys()).isEqualTo(KEYS);
      }
    }
  }

  @Test
  void aHintDamagedAnywhereCostsTimeAlone() throws IOException {
    try (KeyValueStore store = open(original, "")) {
      fill(store, 0, KEYS, 0);
    }
    long length = Files.size(HintFile.of(segment(original)));
    LongStream everywhere = LongStream.iterate(0, at -> at < length, at -> at + length / 23);
    LongStream inTheFirstBlocksHead =
        LongStream.range(HintFile.HEADER_BYTES, HintFile.HEADER_BYTES + HintFile.BLOCK_BYTES);
    for (long at : LongStream.concat(everywhere, inTheFirstBlocksHead).toArray()) {
      Path copy = copy(original);
      Path hint = HintFile.of(segment(copy));
      byte[] content = Files.readAllBytes(hint);
      content[(int) at] ^= (byte) 0x81;
      Files.write(hint, content);
      try (KeyValueStore opened = open(copy, "")) {
        assertHolds(opened, 0, KEYS, 0);
      }
    }
  }

  @Test
  void aReopenedStoreGoesOnWithItsHint() throws IOException {
    open(original, "").close();
    for (int round = 0; round < 3; round++) {
      try (KeyValueStore store = open(original, "")) {
        fill(store, round * 1000, round * 1000 + 1000, 0);
        store.flush();
        fill(store, round * 1000 + 500, round * 1000 + 1000, 1);
      }
      HintFile.Hint hint = hint(original);
      assertThat(hint.isWhole()).isTrue();
      assertThat(hint.end()).isEqualTo(Files.size(segment(original)));
    }
    try (KeyValueStore store = open(original, "")) {
      for (int round = 0; round < 3; round++) {
        assertHolds(store, round * 1000, round * 1000 + 500, 0);
        assertHolds(store, round * 1000 + 500, round * 1000 + 1000, 1);
      }
    }
  }

  @Test
  void aStoreThatGoesOnAfterAKillDoesNotTrustTheHintTooFar() throws IOException {
    Path killed;
    try (KeyValueStore store = open(original, "")) {
      fill(store, 0, KEYS, 0);
      store.flush();
      killed = killed();
    }
    original = killed;
    int third = KEYS / 3; // More would be worth a compaction, and the copy below a mixture.
    try (KeyValueStore store = open(original, "")) {
      fill(store, 100, third, 1);
      fill(store, KEYS, KEYS + 100, 1);
      store.flush();
      try (KeyValueStore opened = open(killed(), "")) {
        assertHolds(opened, 0, 100, 0);
        assertHolds(opened, 100, third, 1);
        assertHolds(opened, third, KEYS, 0);
        assertHolds(opened, KEYS, KEYS + 100, 1);
      }
    }
    try (KeyValueStore store = open(original, "")) {
      assertHolds(store, 100, third, 1);
      assertHolds(store, KEYS, KEYS + 100, 1);
    }
  }
}
