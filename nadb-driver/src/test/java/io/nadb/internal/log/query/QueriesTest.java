package io.nadb.internal.log.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.KeyOrder;
import io.nadb.internal.codec.Codec;
import io.nadb.internal.log.append.ActiveSegment;
import io.nadb.internal.log.append.LogSettings;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.maintenance.Compactor;
import io.nadb.internal.log.maintenance.Projection;
import io.nadb.internal.log.recovery.Recovery;
import io.nadb.internal.log.segment.ContentSource;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordListener;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend.Progress;
import io.nadb.spi.StorageIo;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.InMemory;
import io.nadb.testing.ManualTime;
import io.nadb.testing.MapCut;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists in memory, over a real log with small segments and compaction, beside plain maps. */
class QueriesTest {
  private static final List<String> SPACES = List.of("default", "zwei", "😀");

  @TempDir(factory = InMemory.class)
  Path directory;

  private final Random random = new Random(11);
  private final Map<String, SortedMap<String, StoredEntry>> model = new HashMap<>();
  private StorageIo disk;
  private SegmentSet state;
  private Queries queries;
  private ActiveSegment log;
  private Compactor compactor;
  private long sequence;

  /** Done when a record is in the index and the lists are still to be told of it. */
  private Runnable beforePublishing = () -> {};

  @BeforeEach
  void prepareDisk() throws IOException {
    disk = StorageIo.system();
    open();
  }

  private void open() throws IOException {
    LogSettings settings = new LogSettings(64 << 10, Codec.NONE, false, Long.MAX_VALUE);
    Recovery.Recovered recovered =
        Recovery.open(directory, disk, new ContentSource(Long.MAX_VALUE), new Random(1));
    state = recovered.state();
    queries = new Queries(state);
    RecordListener listener =
        position -> {
          beforePublishing.run();
          queries.published(position);
        };
    log = new ActiveSegment(state, disk, new ManualTime(), settings, listener, recovered.end());
    compactor =
        new Compactor(
            state,
            log,
            new Projection(state, log, new ManualTime(), null),
            listener,
            disk,
            settings);
  }

  @AfterEach
  void close() throws IOException {
    compactor.abort();
    log.close();
    state.segments().forEach(segment -> segment.content().close());
    state.retirement().drain();
  }

  private SortedMap<String, StoredEntry> entries(String space) {
    return model.computeIfAbsent(space, name -> new TreeMap<>(KeyOrder.INSTANCE));
  }

  private void write(Map<String, Map<String, Write>> writes) throws IOException {
    log.append(new MapCut(sequence, writes), true);
    writes.forEach(
        (space, keys) ->
            keys.forEach(
                (key, write) -> {
                  if (write.isDelete()) {
                    entries(space).remove(key);
                  } else {
                    entries(space).put(key, entry(key, write));
                  }
                }));
  }

  private static StoredEntry entry(String key, Write write) {
    return new StoredEntry(
        key,
        write.sequence(),
        write.value().length,
        write.created(),
        write.updated(),
        write.expiresAt(),
        write.tags());
  }

  private Map<String, Map<String, Write>> randomWrites(int count, int keys) {
    Map<String, Map<String, Write>> writes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String space = SPACES.get(random.nextInt(SPACES.size()));
      String key = "k" + Integer.toString(random.nextInt(keys), 4) + (i % 9 == 0 ? "é😀" : "");
      writes
          .computeIfAbsent(space, name -> new HashMap<>())
          .put(key, random.nextInt(5) == 0 ? Write.delete(++sequence, 0) : randomSet());
    }
    return writes;
  }

  private Write randomSet() {
    byte[] value = new byte[random.nextInt(200)];
    random.nextBytes(value);
    Set<String> tags =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(i -> "t" + random.nextInt(6))
            .collect(Collectors.toSet());
    long expiresAt = random.nextInt(3) == 0 ? random.nextInt(100) : Write.NEVER;
    return Write.set(++sequence, value, tags, 7, false, 8, expiresAt);
  }

  @Test
  void everyAnswerIsThatOfPlainMapsThroughOverwritesDeletionsAndCompaction() throws IOException {
    for (int round = 0; round < 300; round++) {
      write(randomWrites(1 + random.nextInt(200), round < 150 ? 2000 : 100));
      for (int step = random.nextInt(12); step > 0; step--) {
        queries.maintain(random.nextBoolean());
        compactor.step(true);
        state.retirement().step();
      }
      if (random.nextInt(3) == 0) {
        assertAnswers();
        assertBooks();
      }
      if (random.nextInt(60) == 0) {
        close();
        open();
      }
    }
    assertThat(compactor.count()).as("compactions").isGreaterThan(0);
    assertAnswers();
  }

  /** A moment, and what was there then. */
  private record Past(Moment moment, Map<String, SortedMap<String, StoredEntry>> model) {}

  private Past past() {
    Map<String, SortedMap<String, StoredEntry>> copy = new HashMap<>();
    model.forEach((space, entries) -> copy.put(space, new TreeMap<>(entries)));
    return new Past(new Moment(state, sequence, state.gate().enter()), copy);
  }

  @Test
  void theAnswersOfAMomentStayTheSameThroughOverwritesDeletionsAndCompaction() throws IOException {
    List<Past> open = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      write(randomWrites(1 + random.nextInt(200), round < 150 ? 2000 : 100));
      if (open.size() < 4 && random.nextInt(4) == 0) {
        open.add(past());
      }
      for (int step = random.nextInt(12); step > 0; step--) {
        queries.maintain(random.nextBoolean());
        compactor.step(true);
        state.retirement().step();
      }
      if (!open.isEmpty() && random.nextInt(3) == 0) {
        Past past = open.get(random.nextInt(open.size()));
        assertAnswers(past.moment, past.model);
        assertEachKey(past);
        if (random.nextInt(3) == 0) {
          open.remove(past);
          past.moment.close();
        }
      }
      if (random.nextInt(60) == 0) {
        open.forEach(past -> past.moment.close());
        open.clear();
        close();
        open();
      }
    }
    assertThat(compactor.count()).as("compactions").isGreaterThan(0);
    assertThat(state.index().keepers()).isEqualTo(open.size());
    open.forEach(past -> past.moment.close());
    assertThat(state.index().keepers()).isZero();
    assertThat(state.gate().isEmpty(0) && state.gate().isEmpty(1)).isTrue();
  }

  private void assertEachKey(Past past) {
    Set<String> keys = new HashSet<>();
    model.values().forEach(entries -> keys.addAll(entries.keySet()));
    past.model.values().forEach(entries -> keys.addAll(entries.keySet()));
    for (String name : SPACES) {
      SegmentSet.Namespace space = state.namespace(name);
      for (String key : keys) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        RecordReader.Found found =
            past.moment.find(space.fingerprint(bytes), space.name(), bytes, false);
        assertThat(found == null ? null : found.record().toEntry())
            .isEqualTo(past.model.getOrDefault(name, new TreeMap<>()).get(key));
      }
    }
  }

  @Test
  void aMomentIsAskedWhileACutIsPutInPlaceRecordByRecord() throws IOException {
    Map<String, Write> first = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      first.put("k" + i, tagged("t"));
    }
    write(Map.of("default", first));
    assertAnswers(); // The lists are made.
    for (int round = 0; round < 20; round++) {
      Past past = past();
      beforePublishing = () -> assertAnswers(past.moment, past.model);
      write(randomWrites(40, 30));
      beforePublishing = () -> {};
      assertAnswers(past.moment, past.model);
      past.moment.close();
    }
  }

  private void assertAnswers(Moment then, Map<String, SortedMap<String, StoredEntry>> expected) {
    for (String space : SPACES) {
      List<StoredEntry> all = List.copyOf(expected.getOrDefault(space, new TreeMap<>()).values());
      String prefix = List.of("", "k", "k1", "k12", "x").get(random.nextInt(5));
      List<StoredEntry> listed = new ArrayList<>();
      queries.listing().scan(then, space, prefix, listed::add);
      assertThat(listed).isEqualTo(all.stream().filter(e -> e.key().startsWith(prefix)).toList());
      Set<String> tags = new HashSet<>(List.of("t1", "t" + random.nextInt(7)));
      assertThat(queries.secondary().tagged(then, space, tags))
          .isEqualTo(all.stream().filter(e -> e.tags().containsAll(tags)).toList());
      List<StoredEntry> tagged = new ArrayList<>();
      queries.secondary().eachTagged(then, space, tagged::add);
      assertThat(tagged)
          .containsExactlyInAnyOrderElementsOf(
              all.stream().filter(e -> !e.tags().isEmpty()).toList());
    }
  }

  private void assertAnswers() {
    long now = random.nextInt(110);
    try (Moment moment = now()) {
      assertAnswers(moment, model);
    }
    for (String space : SPACES) {
      assertThat(queries.secondary().expired(space, now, Integer.MAX_VALUE))
          .hasSameElementsAs(expired(space, now));
    }
    List<ExpiredKey> everywhere = new ArrayList<>();
    SPACES.forEach(space -> everywhere.addAll(expired(space, now)));
    assertThat(queries.secondary().expired(null, now, Integer.MAX_VALUE))
        .hasSameElementsAs(everywhere);
    int limit = random.nextInt(20);
    assertThat(queries.secondary().expired(null, now, limit))
        .hasSize(Math.min(limit, everywhere.size()));
  }

  private Moment now() {
    return new Moment(state, Long.MAX_VALUE, state.gate().enter());
  }

  private void listed(String space, String prefix, Consumer<StoredEntry> each) {
    try (Moment now = now()) {
      queries.listing().scan(now, space, prefix, each);
    }
  }

  private List<StoredEntry> tagged(String space, Set<String> tags) {
    try (Moment now = now()) {
      return queries.secondary().tagged(now, space, tags);
    }
  }

  private void eachTagged(String space, Consumer<StoredEntry> each) {
    try (Moment now = now()) {
      queries.secondary().eachTagged(now, space, each);
    }
  }

  /** What is booked of each segment must be what the index says, at every step of a compaction. */
  private void assertBooks() {
    Map<Integer, Long> live = new HashMap<>();
    for (int partition = 0; partition < KeyIndex.PARTITIONS; partition++) {
      state
          .index()
          .forEach(partition, position -> live.merge(Position.handle(position), 1L, Long::sum));
    }
    for (Segment segment : state.segments()) {
      assertThat(segment.live()).isEqualTo(live.getOrDefault(segment.handle(), 0L));
    }
  }

  private List<ExpiredKey> expired(String space, long now) {
    return entries(space).values().stream()
        .filter(entry -> entry.isGoneAt(now))
        .sorted(Comparator.comparingLong(StoredEntry::expiresAt))
        .map(entry -> new ExpiredKey(space, entry.key(), entry.sequence()))
        .toList();
  }

  @Test
  void expiredKeysComeInTheOrderOfTheirTimesAndAgainUntilTheyAreDeleted() throws IOException {
    Map<String, Write> writes = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      writes.put("k" + i, Write.set(++sequence, new byte[0], Set.of(), 0, false, 0, 1000 - i));
    }
    write(Map.of("default", writes));
    List<String> all = IntStream.range(0, 500).mapToObj(i -> "k" + (499 - i)).toList();
    assertThat(queries.secondary().expired(null, 1000, 300))
        .extracting(ExpiredKey::key)
        .containsExactlyElementsOf(all.subList(0, 300));
    assertThat(queries.secondary().expired(null, 1000, 1000))
        .extracting(ExpiredKey::key)
        .containsExactlyElementsOf(all);
    assertThat(queries.secondary().expired(null, 500, 1000)).isEmpty();
    write(Map.of("default", Map.of("k499", Write.delete(++sequence, 0))));
    assertThat(queries.secondary().expired(null, 1000, 1))
        .extracting(ExpiredKey::key)
        .containsExactly("k498");
  }

  @Test
  void listsOfWhatIsOverwrittenAgainAndAgainAreMadeAnewInSmallSteps() throws IOException {
    assertThat(queries.secondary().prepare()).isEqualTo(Progress.MORE);
    queries.secondary().complete();
    long largest = 0;
    for (int round = 0; round < 200; round++) {
      Map<String, Write> writes = new HashMap<>();
      for (int i = 0; i < 500; i++) {
        writes.put("k" + i, Write.set(++sequence, new byte[1], Set.of("t"), 0, false, 0, 1 << 30));
      }
      write(Map.of("default", writes));
      while (queries.maintain(true)) {
        assertThat(queries.secondary().prepare()).isEqualTo(Progress.READY);
      }
      largest = Math.max(largest, queries.secondary().size());
    }
    assertThat(largest).as("records known of, of 500 entries").isLessThan(12_000);
    assertThat(tagged("default", Set.of("t"))).hasSize(500);
    assertThat(queries.secondary().expired(null, 1 << 30, 1000)).hasSize(500);
  }

  @Test
  void aListingOfMoreKeysThanAreSortedAtOnceIsInOrder() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int cut = 0; cut < 60; cut++) {
      Map<String, Write> writes = new HashMap<>();
      for (int i = 0; i < 20; i++) {
        String key = String.format("%07d", random.nextInt(10_000_000)) + "x".repeat(40_000);
        expected.add(key);
        writes.put(key, Write.set(++sequence, new byte[0], Set.of(), 0, false, 0, Write.NEVER));
      }
      log.append(new MapCut(sequence, Map.of("default", writes)), true);
    }
    List<String> listed = new ArrayList<>();
    listed("default", "", entry -> listed.add(entry.key()));
    assertThat(listed).isEqualTo(expected.stream().sorted().distinct().toList());
  }

  @Test
  void aKeyIsFoundOnceThoughManyOutdatedRecordsLeadToIt() throws IOException {
    queries.secondary().complete();
    for (int i = 0; i < 3; i++) {
      write(Map.of("default", Map.of("a", tagged("t"), "b", tagged("t"))));
    }
    List<List<String>> answers = new ArrayList<>();
    beforePublishing = () -> answers.add(keysTagged("t"));
    write(Map.of("default", Map.of("a", tagged("t"), "b", tagged("t"))));
    assertThat(answers).hasSize(2).containsOnly(List.of("a", "b"));
  }

  @Test
  void aKeyThatCompactionIsMovingIsFoundOnce() throws IOException {
    queries.secondary().complete();
    write(Map.of("default", Map.of("a", tagged("t"), "b", tagged("t"))));
    for (int i = 0; i < 20; i++) {
      write(Map.of("default", Map.of("c", untagged(16 << 10))));
    }
    List<List<String>> answers = new ArrayList<>();
    beforePublishing = () -> answers.add(keysTagged("t"));
    while (compactor.step(true)) {
      answers.add(keysTagged("t"));
    }
    assertThat(compactor.count()).as("compactions").isGreaterThan(0);
    assertThat(answers).hasSizeGreaterThan(2).containsOnly(List.of("a", "b"));
  }

  /** Asks in both ways. */
  private List<String> keysTagged(String tag) {
    List<String> keys = new ArrayList<>();
    eachTagged("default", entry -> keys.add(entry.key()));
    assertThat(tagged("default", Set.of(tag)))
        .extracting(StoredEntry::key)
        .containsExactlyElementsOf(keys.stream().sorted().toList());
    return keys.stream().sorted().toList();
  }

  @Test
  void ofAKeyThatIsWrittenDuringAQuestionTheLatestRecordIsTheAnswer() throws IOException {
    write(Map.of("default", Map.of("a", tagged("t"))));
    write(Map.of("default", Map.of("a", tagged("t"))));
    Segment segment = state.segments().iterator().next();
    for (boolean newerFirst : new boolean[] {false, true}) {
      TagQueryResult hits = new TagQueryResult(new TagSets(Set.of("t")));
      hits.add(segment.record(offsetsOf("a")[newerFirst ? 1 : 0], LogRecord.INITIAL_BYTES));
      hits.addAnother(segment.record(offsetsOf("a")[newerFirst ? 0 : 1], LogRecord.INITIAL_BYTES));
      hits.distinct();
      assertThat(hits.toEntries()).extracting(StoredEntry::sequence).containsExactly(2L);
    }
  }

  @Test
  void aRecordAtTheVeryEndOfATrimmedFileIsRead() throws IOException {
    int page = 4096; // Touching a mapping beyond the file's last page is an error of the JVM's.
    write(Map.of("default", Map.of("a", tagged("t"))));
    Segment segment = state.segments().iterator().next();
    long first = segment.end();
    write(Map.of("default", Map.of("b", tagged("t"))));
    long taggedBytes = segment.end() - first;
    write(Map.of("default", Map.of("c", untagged(0))));
    long untaggedBytes = segment.end() - first - taggedBytes;
    long missing = page - (segment.end() + untaggedBytes + taggedBytes) % page;
    write(Map.of("default", Map.of("d", untagged((int) missing))));
    write(Map.of("default", Map.of("e", tagged("t"))));
    assertThat(segment.end() % page).isZero();
    write(Map.of("default", Map.of("f", untagged(64 << 10))));
    assertThat(segment.file()).hasSize(segment.end());

    assertThat(tagged("default", Set.of("t")))
        .extracting(StoredEntry::key)
        .containsExactly("a", "b", "e");
  }

  private Write untagged(int length) {
    return Write.set(++sequence, new byte[length], Set.of(), 0, false, 0, Write.NEVER);
  }

  @Test
  void aDamagedRecordIsAnErrorIfItIsCurrentAndNobodysConcernIfItIsNot() throws IOException {
    write(Map.of("default", Map.of("a", randomSet(), "b", tagged("t"))));
    write(Map.of("default", Map.of("b", tagged("t"), "c", tagged("t"))));
    assertThat(tagged("default", Set.of("t"))).hasSize(2);
    long[] outdatedAndCurrent = offsetsOf("b");
    assertThat(outdatedAndCurrent).hasSize(2);
    damage(outdatedAndCurrent[0]);
    assertThat(tagged("default", Set.of("t"))).hasSize(2);
    damage(outdatedAndCurrent[1]);
    assertThatThrownBy(() -> tagged("default", Set.of("t")))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000001.seg")
        .hasMessageContaining("offset " + outdatedAndCurrent[1]);
  }

  private Write tagged(String tag) {
    return Write.set(++sequence, new byte[9], Set.of(tag), 0, false, 0, Write.NEVER);
  }

  private long[] offsetsOf(String key) {
    List<Long> offsets = new ArrayList<>();
    Segment segment = state.segments().iterator().next();
    state
        .scanner(segment)
        .check(
            segment.start(),
            segment.end(),
            false,
            record -> {
              if (new String(record.keyBytes(), StandardCharsets.UTF_8).equals(key)) {
                offsets.add(record.offset());
              }
            });
    return offsets.stream().mapToLong(Long::longValue).toArray();
  }

  private void damage(long offset) throws IOException {
    Path file = state.segments().iterator().next().file();
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(offset + SegmentFormat.RECORD_SEQUENCE_AT + 4);
      int before = open.read();
      open.seek(offset + SegmentFormat.RECORD_SEQUENCE_AT + 4);
      open.write(before ^ 1);
    }
  }
}
