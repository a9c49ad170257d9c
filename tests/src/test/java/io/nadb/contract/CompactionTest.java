package io.nadb.contract;

import static io.nadb.testing.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.StoreStats;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code nadb:fs:} gives space back, and what it must not change by it. */
class CompactionTest {
  private static final int KEYS = 200;
  private static final int SEGMENT_BYTES = 64 * 1024;
  private static final Path MAPS = Path.of("/proc/self/maps");

  private final VirtualTime time = new VirtualTime();
  private StoreRegistry registry = StoreRegistry.create(time);
  @TempDir private Path directory;
  private KeyValueStore store;

  /** All that a store shows of its entries. */
  private record Content(
      List<EntryMetadata> entries, Map<String, ByteBuffer> values, List<EntryMetadata> tagged) {

    static Content of(KeyValueStore store) {
      Map<String, ByteBuffer> values = new HashMap<>();
      for (String key : store.keys("")) {
        values.put(key, ByteBuffer.wrap(store.get(key).orElseThrow()));
      }
      return new Content(
          store.keys("").stream().map(key -> store.metadata(key).orElseThrow()).toList(),
          values,
          store.queryByTags("even"));
    }
  }

  @BeforeEach
  void open() {
    store = registry.open("nadb:fs:" + directory + "?segment=64kb&buffer=64kb&flush=5s&sweep=60s");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private void reopen() {
    registry.close();
    registry = StoreRegistry.create(time);
    open();
  }

  /** Overwrites everything; each round has its own values, tags and expiry times. */
  private void write(int round) {
    for (int i = 0; i < KEYS; i++) {
      SetOptions options =
          i % 2 == 0 ? SetOptions.tags("even", "round" + round) : SetOptions.none();
      if (i % 5 == 0) {
        options = options.withTtl(Duration.ofDays(1 + round));
      }
      store.set("key" + i, random(1000 + 3 * i + round), options);
    }
  }

  private void writeFiveTimes() {
    for (int round = 0; round < 5; round++) {
      write(round);
      store.flush();
      time.advance(Duration.ofSeconds(5));
    }
  }

  /** Lets the background thread do all that it finds worth while. */
  private void rest() {
    time.advance(Duration.ofSeconds(5));
  }

  private Set<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("main/log"))) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private long bytesInSegments() throws IOException {
    long sum = 0;
    for (Path file : files(".seg")) {
      sum += Files.size(file);
    }
    return sum;
  }

  @Test
  void overwrittenSpaceComesBackAndNothingElseChanges() throws IOException {
    Instant first = time.now();
    writeFiveTimes();
    Instant last = time.now().minusSeconds(5);
    rest();

    StoreStats stats = store.stats();
    assertThat(stats.compactions()).isPositive();
    assertThat(stats.keys()).isEqualTo(KEYS);
    assertThat(stats.liveBytes()).isGreaterThan(KEYS * 1000);
    assertThat(stats.totalBytes()).isLessThanOrEqualTo(2 * stats.liveBytes());
    Content content = Content.of(store);
    assertThat(content.tagged).hasSize(KEYS / 2);
    for (int i = 0; i < KEYS; i++) {
      EntryMetadata entry = store.metadata("key" + i).orElseThrow();
      assertThat(store.get("key" + i)).hasValue(random(1000 + 3 * i + 4));
      assertThat(entry.created()).isEqualTo(first);
      assertThat(entry.updated()).isEqualTo(last);
      assertThat(entry.tags()).isEqualTo(i % 2 == 0 ? Set.of("even", "round4") : Set.of());
      if (i % 5 == 0) {
        assertThat(entry.expiresAt()).contains(last.plus(Duration.ofDays(5)));
      } else {
        assertThat(entry.expiresAt()).isEmpty();
      }
    }
    reopen();
    assertThat(Content.of(store)).isEqualTo(content);
    registry.close();
    assertThat(bytesInSegments()).isEqualTo(stats.totalBytes());
  }

  @Test
  void deletedSpaceComesBackAndLaterEvenThatOfTheDeletions() {
    write(0);
    store.flush();
    for (int i = 0; i < KEYS; i++) {
      store.delete("key" + i);
    }
    rest();
    assertThat(store.stats().liveBytes()).isZero();
    assertThat(store.stats().totalBytes())
        .as("the deletions, in a segment that is not full yet")
        .isLessThan(SEGMENT_BYTES / 2);

    for (int i = 0; i < 100; i++) {
      store.set("other" + i, random(1000));
    }
    rest();
    assertThat(store.stats().garbageBytes())
        .as("headers, ends of cuts, and what lengths are rounded by")
        .isLessThan(store.stats().liveBytes() / 6);
    reopen();
    assertThat(store.keys("")).hasSize(100);
  }

  @Test
  void segmentsThatAreMostlyGarbageAreRewrittenWithAllThatIsLeft() {
    write(0);
    store.flush();
    for (int i = 0; i < KEYS; i++) {
      if (i % 5 >= 2) {
        store.set("key" + i, random(900));
      }
    }
    store.flush();
    Content content = Content.of(store);
    rest();

    assertThat(store.stats().compactions()).isPositive();
    assertThat(store.stats().totalBytes()).isLessThanOrEqualTo(2 * store.stats().liveBytes());
    assertThat(Content.of(store)).isEqualTo(content);
    time.advance(Duration.ofDays(1));
    assertThat(store.stats().keys()).as("those with a TTL have been swept").isEqualTo(160);
    reopen();
    assertThat(store.keys("")).hasSize(160);
  }

  @Test
  void deletionsStayWhileThereIsSomethingThatTheyHide() {
    setAll("deleted", 10);
    setAll("stays", 45);
    store.flush();
    for (int i = 0; i < 10; i++) {
      store.delete("deleted" + i);
    }
    setAll("overwritten", 55);
    store.flush();
    setAll("overwritten", 55);
    rest();
    rest();

    assertThat(store.stats().compactions()).as("of the second segment").isEqualTo(1);
    assertThat(store.stats().totalBytes()).isLessThan(2 * SEGMENT_BYTES);
    reopen();
    assertThat(store.get("deleted0")).isEmpty();
    assertThat(store.keys("deleted")).isEmpty();
    assertThat(store.stats().keys()).isEqualTo(100);
  }

  private void setAll(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      store.set(prefix + i, random(1000));
    }
  }

  @Test
  void expiredSpaceComesBack() {
    for (int i = 0; i < KEYS; i++) {
      store.set("key" + i, random(1000), SetOptions.ttl(Duration.ofSeconds(30)));
    }
    store.flush();
    assertThat(store.stats().totalBytes()).isGreaterThan(KEYS * 1000);
    time.advance(Duration.ofSeconds(65));

    assertThat(store.stats().expired()).isEqualTo(KEYS);
    assertThat(store.stats().keys()).isZero();
    assertThat(store.stats().totalBytes()).isLessThan(SEGMENT_BYTES / 2);
  }

  @Test
  void filesAndMappingsAreGone() throws IOException {
    write(0);
    store.flush();
    Set<Path> before = files(".seg");
    for (int round = 1; round < 5; round++) {
      write(round);
      store.flush();
    }
    rest();

    Set<Path> after = files(".seg");
    assertThat(before).hasSizeGreaterThan(3);
    assertThat(after).hasSizeLessThan(2 * before.size());
    assertThat(files(".compact")).isEmpty();
    assertThat(files(".hint")).as("all but the last").hasSize(after.size() - 1);
    assumeTrue(Files.exists(MAPS), "only Linux tells what is mapped");
    assertThat(mapped()).isEqualTo(after);
    registry.close();
    assertThat(mapped()).isEmpty();
  }

  /** The files of the log that this process has mapped; each once, or the test fails. */
  private Set<Path> mapped() throws IOException {
    String log = directory.toRealPath().resolve("main/log") + "/";
    Set<Path> mapped = new TreeSet<>();
    for (String line : Files.readAllLines(MAPS)) {
      int at = line.indexOf(log);
      if (at >= 0) {
        assertThat(mapped.add(Path.of(line.substring(at)))).as("mapped once: %s", line).isTrue();
      }
    }
    return mapped;
  }

  @Test
  void openingGivesTheSameStoreAndTheSameFiguresWithHintsAndWithout() throws IOException {
    writeFiveTimes();
    for (int i = 0; i < KEYS; i += 3) {
      store.delete("key" + i);
    }
    rest();
    Content content = Content.of(store);
    List<Long> figures = figures();
    assertThat(store.stats().compactions()).isPositive();

    reopen();
    assertThat(figures()).as("with hints").isEqualTo(figures);
    assertThat(Content.of(store)).isEqualTo(content);

    registry.close();
    for (Path hint : files(".hint")) {
      Files.delete(hint);
    }
    reopen();
    assertThat(figures()).as("without hints").isEqualTo(figures);
    assertThat(Content.of(store)).isEqualTo(content);
  }

  private List<Long> figures() {
    StoreStats stats = store.stats();
    return List.of(stats.keys(), stats.liveBytes(), stats.totalBytes());
  }
}
