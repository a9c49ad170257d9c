package io.nadb.internal.log.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.TagFilter;
import io.nadb.internal.log.format.Position;
import io.nadb.internal.log.index.KeyIndex;
import io.nadb.internal.log.segment.Moment;
import io.nadb.internal.log.segment.RecordReader;
import io.nadb.internal.log.segment.Segment;
import io.nadb.internal.log.segment.SegmentSet;
import io.nadb.spi.ExpiredKey;
import io.nadb.spi.SearchTrace;
import io.nadb.spi.Selection;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every answer is that of plain maps, at each moment and in whatever order things happen. */
@Tag("proof")
class QueriesModelTest extends ListedLog {
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
    assertThat(state.gate().isEmpty()).isTrue();
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
      assertSearches(
          then, space, List.copyOf(expected.getOrDefault(space, new TreeMap<>()).values()));
      List<StoredEntry> all = List.copyOf(expected.getOrDefault(space, new TreeMap<>()).values());
      String prefix = List.of("", "k", "k1", "k12", "x").get(random.nextInt(5));
      List<StoredEntry> listed = new ArrayList<>();
      queries.listing().scan(then, space, prefix, listed::add);
      assertThat(listed).isEqualTo(all.stream().filter(e -> e.key().startsWith(prefix)).toList());
      Set<String> tags = new HashSet<>(List.of("t1", "t" + random.nextInt(7)));
      assertThat(queries.tags().tagged(then, space, tags))
          .isEqualTo(all.stream().filter(e -> e.tags().containsAll(tags)).toList());
      List<StoredEntry> tagged = new ArrayList<>();
      queries.tags().eachTagged(then, space, tagged::add);
      assertThat(tagged)
          .containsExactlyInAnyOrderElementsOf(
              all.stream().filter(e -> !e.tags().isEmpty()).toList());
    }
  }

  /** All ways to find and to count by tags and keys. */
  private void assertSearches(Moment then, String space, List<StoredEntry> all) {
    TagFilter filter = filter(2);
    String from = "k" + Integer.toString(random.nextInt(2000), 4);
    for (Selection.Order order : Selection.Order.values()) {
      Selection selection = new Selection(filter, "k", from, from + "2", order);
      Selection wide = new Selection(filter, "", "", null, order);
      for (Selection asked : List.of(selection, wide)) {
        List<StoredEntry> expected = new ArrayList<>(all.stream().filter(asked::includes).toList());
        if (order == Selection.Order.KEY_DESCENDING) {
          Collections.reverse(expected);
        }
        int most = 1 + random.nextInt(300);
        List<StoredEntry> found = new ArrayList<>();
        walk(then, space, asked, order == Selection.Order.ANY ? Integer.MAX_VALUE : most, found);
        if (order == Selection.Order.ANY) {
          assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        } else {
          assertThat(found).isEqualTo(expected.subList(0, Math.min(most, expected.size())));
        }
      }
    }
    long now = random.nextInt(110);
    Set<String> except = new HashSet<>();
    all.stream().filter(e -> random.nextInt(20) == 0).forEach(e -> except.add(e.key()));
    except.add("absent");
    List<StoredEntry> counted =
        all.stream().filter(e -> !e.isGoneAt(now) && !except.contains(e.key())).toList();
    queries
        .count(then, space, filter, now, except)
        .ifPresent(
            count ->
                assertThat(count)
                    .isEqualTo(counted.stream().filter(e -> filter.matches(e.tags())).count()));
    Map<String, Long> tags = new HashMap<>();
    counted.forEach(e -> e.tags().forEach(tag -> tags.merge(tag, 1L, Long::sum)));
    assertThat(queries.countTags(then, space, now, except)).hasValue(tags);
  }

  private void walk(Moment then, String space, Selection asked, int most, List<StoredEntry> found) {
    try {
      queries.walk(
          then,
          space,
          asked,
          entry -> {
            found.add(entry);
            return found.size() < most;
          },
          new SearchTrace());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TagFilter filter(int depth) {
    TagFilter tag = TagFilter.all("t" + random.nextInt(7));
    return switch (random.nextInt(depth == 0 ? 2 : 5)) {
      case 0 -> tag;
      case 1 -> tag.and(TagFilter.none("t1"));
      case 2 -> filter(depth - 1).and(filter(depth - 1));
      case 3 -> filter(depth - 1).or(filter(depth - 1));
      default -> filter(depth - 1).negate();
    };
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
}
