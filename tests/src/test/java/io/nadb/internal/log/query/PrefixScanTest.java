package io.nadb.internal.log.query;

import static io.nadb.testing.Bytes.random;
import static io.nadb.testing.Bytes.utf8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.maintenance.Compactor;
import io.nadb.internal.log.maintenance.Projection;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.MapCut;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings before keys have been sorted, and while they are, whatever is written meanwhile. */
@SuppressWarnings("NullAway.Init") // Each test begins with open.
class PrefixScanTest {
  private static final int SCANS = 4;

  @TempDir(factory = InMemory.class)
  Path directory;

  private final Set<String> keys = new TreeSet<>();
  private SegmentSet state;
  private Queries queries;
  private ActiveSegment log;
  private Compactor compactor;
  private long sequence;
  private Runnable beforePublishing = () -> {};

  private void open(long memoryBytes) throws IOException {
    StorageIo disk = StorageIo.system();
    LogSettings settings = new LogSettings(64 << 10, Codec.NONE, false, memoryBytes);
    Recovery.Recovered recovered =
        Recovery.open(directory, disk, new ContentSource(memoryBytes), new Random(1));
    state = recovered.state();
    queries = new Queries(state);
    RecordListener listener =
        position -> {
          beforePublishing.run();
          queries.published(position);
        };
    log = new ActiveSegment(state, disk, new VirtualTime(), settings, listener, recovered.end());
    Projection none = new Projection(state, log, new VirtualTime(), null);
    compactor = new Compactor(state, log, none, listener, disk, settings);
  }

  @AfterEach
  void close() throws IOException {
    compactor.abort();
    log.close();
    state.segments().forEach(segment -> segment.content().close());
    state.retirement().drain();
  }

  private void set(int valueBytes, String... some) throws IOException {
    Map<String, Write> writes = new HashMap<>();
    for (String key : some) {
      writes.put(
          key, Write.set(++sequence, random(valueBytes), Set.of(), 0, false, 0, Write.NEVER));
      keys.add(key);
    }
    log.append(new MapCut(sequence, Map.of("default", writes)), true);
  }

  private void delete(String key) throws IOException {
    log.append(
        new MapCut(++sequence, Map.of("default", Map.of(key, Write.delete(sequence, 0)))), true);
    keys.remove(key);
  }

  private List<String> scanned(String prefix) {
    return requireNonNull(entries(prefix)).stream().map(StoredEntry::key).toList();
  }

  private @Nullable List<StoredEntry> entries(String prefix) {
    try (Moment now = now()) {
      return PrefixScan.entries(now, state, utf8("default"), utf8(prefix));
    }
  }

  private Moment now() {
    return Moment.now(state);
  }

  private List<String> listed(String prefix) {
    List<String> found = new ArrayList<>();
    try (Moment now = now()) {
      queries.listing().scan(now, "default", prefix, entry -> found.add(entry.key()));
    }
    return found;
  }

  private List<String> expected(String prefix) {
    return keys.stream().filter(key -> key.startsWith(prefix)).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void currentKeysAreListedInOrder(long memoryBytes) throws IOException {
    open(memoryBytes);
    for (int i = 0; i < 300; i++) {
      set(1000, "k" + i % 170, "other" + i);
    }
    delete("k17");
    set(1, "k169");
    Map<String, Write> foreign =
        Map.of("k0", Write.set(++sequence, new byte[0], Set.of(), 0, false, 0, Write.NEVER));
    log.append(new MapCut(sequence, Map.of("elsewhere", foreign)), true);

    assertThat(scanned("k")).isEqualTo(expected("k"));
    assertThat(scanned("k1")).isEqualTo(expected("k1"));
    assertThat(scanned("")).isEqualTo(expected(""));
    assertThat(scanned("none")).isEmpty();
  }

  @Test
  void aKeyThatIsWrittenMeanwhileIsListedOnce() throws IOException {
    open(Long.MAX_VALUE);
    set(10, "a", "b");
    set(10, "a", "b");
    List<List<String>> answers = new ArrayList<>();
    beforePublishing = () -> answers.add(scanned(""));
    set(10, "a", "b");
    assertThat(answers).hasSize(2).containsOnly(List.of("a", "b"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void aKeyThatCompactionIsMovingIsListedOnce(long memoryBytes) throws IOException {
    open(memoryBytes);
    set(10, "a", "b");
    for (int i = 0; i < 20; i++) {
      set(16 << 10, "c");
    }
    List<List<String>> answers = new ArrayList<>();
    beforePublishing = () -> answers.add(scanned(""));
    while (compactor.step(true)) {
      answers.add(scanned(""));
    }
    assertThat(compactor.count()).as("compactions").isPositive();
    assertThat(answers).hasSizeGreaterThan(2).containsOnly(List.of("a", "b", "c"));
  }

  @Test
  void aKeyWhoseRecordsAreMostOfTheLogIsNoTrouble() throws IOException {
    open(Long.MAX_VALUE);
    for (int i = 0; i < 100; i++) {
      set(0, "hot", "k" + i);
    }
    assertThat(scanned("hot")).containsExactly("hot");
  }

  @Test
  void whatIsTooMuchToBeHeldIsLeftToSorting() throws IOException {
    open(Long.MAX_VALUE);
    String long32k = "x".repeat(32 << 10);
    for (int i = 0; i < 1025; i++) {
      set(0, long32k + i);
    }
    assertThat(entries("")).isNull();
    assertThat(listed("")).isEqualTo(expected(""));
    assertThat(scanned(long32k + 10)).isEqualTo(expected(long32k + 10));
  }

  @Test
  void anOutdatedRecordThatIsDamagedIsNobodysConcern() throws IOException {
    open(Long.MAX_VALUE);
    set(10, "a", "b");
    damageFirstRecord();
    assertThatThrownBy(() -> listed("")).isInstanceOf(CorruptStoreException.class);
    set(10, "a", "b");
    assertThat(listed("")).containsExactly("a", "b");
    while (queries.maintain(true)) {}
    assertThat(listed("")).containsExactly("a", "b");
  }

  private void damageFirstRecord() throws IOException {
    Path file = state.segments().iterator().next().file();
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.seek(SegmentFormat.HEADER_BYTES + SegmentFormat.RECORD_SEQUENCE_AT + 4);
      content.write(77);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void allIsSortedInIdleStepsWhateverHappensInBetween(long memoryBytes) throws IOException {
    open(memoryBytes);
    for (int i = 0; i < 400; i++) {
      set(500, "k" + i % 300, "k" + (i + 7) % 200);
    }
    assertThat(queries.maintain(true)).as("before somebody has asked").isFalse();
    assertThat(listed("k2")).isEqualTo(expected("k2"));
    assertThat(queries.maintain(false)).as("in a busy moment").isFalse();
    int step = 0;
    while (queries.maintain(true)) {
      set(400, "k" + step * 13 % 320);
      if (step % 5 == 0) {
        delete("k" + step);
      }
      for (int i = 0; i < 10; i++) {
        compactor.step(true);
      }
      step++;
    }
    assertThat(step).isGreaterThan(3);
    assertThat(compactor.count()).as("compactions").isPositive();
    for (int listing = 0; listing <= SCANS; listing++) {
      assertThat(listed("")).isEqualTo(expected(""));
      assertThat(listed("k1")).isEqualTo(expected("k1"));
    }
  }

  @Test
  void whoListsAgainAndAgainHasAllSorted() throws IOException {
    open(Long.MAX_VALUE);
    set(10, "a", "b", "c");
    for (int listing = 0; listing <= SCANS; listing++) {
      assertThat(listed("b")).containsExactly("b");
    }
    assertThat(queries.maintain(true)).as("nothing is left to be sorted").isFalse();
  }
}
