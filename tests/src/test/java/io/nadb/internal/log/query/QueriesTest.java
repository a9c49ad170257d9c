package io.nadb.internal.log.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.CorruptStoreException;
import io.nadb.TagFilter;
import io.nadb.internal.log.format.LogRecord;
import io.nadb.internal.log.format.SegmentFormat;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.Segment;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StorageBackend.Progress;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import io.nadb.testing.MapCut;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is asked of the lists in memory, over a real log with small segments and compaction. */
class QueriesTest extends ListedLog {
  private void listed(String space, String prefix, Consumer<StoredEntry> each) {
    try (Moment now = now()) {
      queries.listing().scan(now, space, prefix, each);
    }
  }

  private List<StoredEntry> tagged(String space, Set<String> tags) {
    try (Moment now = now()) {
      return queries.tags().tagged(now, space, tags);
    }
  }

  private void eachTagged(String space, Consumer<StoredEntry> each) {
    try (Moment now = now()) {
      queries.tags().eachTagged(now, space, each);
    }
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
      TagQueryResult hits = new TagQueryResult(new TagSets(TagFilter.all("t")));
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

  /**
   * The buffer has what a cut writes that was being applied at the moment: so it is not counted
   * here, before its key's record is there, in between, afterwards, and when that is gone, too.
   */
  @Test
  void whatWasBeingAppliedAtAMomentIsNeverCounted() throws IOException {
    queries.secondary().complete();
    write(Map.of("default", Map.of("key", tagged("t"), "other", tagged("t"))));
    byte[] large = new byte[80 << 10];
    Write fills = Write.set(++sequence, large, Set.of(), 0, false, 0, Write.NEVER);
    write(Map.of("default", Map.of("large", fills))); // What follows is in another segment.
    Set<String> applied = Set.of("key");
    try (Moment moment = new Moment(state, sequence + 1, state.gate().enter())) {
      Runnable counting =
          () -> {
            assertThat(queries.countTags(moment, "default", 0, applied)).hasValue(Map.of("t", 1L));
            assertThat(queries.count(moment, "default", TagFilter.all("t"), 0, applied))
                .hasValue(1);
          };
      counting.run();
      beforePublishing = counting;
      write(Map.of("default", Map.of("key", tagged("t"))));
      counting.run();
      write(Map.of("default", Map.of("key", tagged("t"))));
      counting.run();
    }
  }
}
