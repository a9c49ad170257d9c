package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.expiring;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans, tags and expiry. */
class MetadataQueryTest {
  @TempDir Path directory;
  private Path file;
  private KeyValueMetadata metadata;

  @BeforeEach
  void open() throws IOException {
    file = directory.resolve("metadata.db");
    metadata = KeyValueMetadata.open(file, "store-1");
  }

  @AfterEach
  void close() throws IOException {
    metadata.close();
  }

  @Test
  void taggedFindsEntriesThatHaveAllOfTheTagsInKeyOrder() throws Exception {
    StoredEntry both = entry("b", 1, "auth", "web");
    StoredEntry more = entry("a", 2, "web", "auth", "x");
    metadata.apply(
        List.of(put("app", both), put("app", more), put("app", entry("c", 3, "web"))), position(3));

    assertThat(metadata.tagged("app", Set.of("web", "auth"))).containsExactly(more, both);
    assertThat(metadata.tagged("app", Set.of("x"))).containsExactly(more);
    assertThat(metadata.tagged("app", Set.of("web", "nobody has it"))).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> metadata.tagged("app", Set.of()));
  }

  @Test
  void thousandTagsCanBeAskedForAtOnce() throws Exception {
    String[] tags = IntStream.range(0, 1000).mapToObj(i -> "tag " + i).toArray(String[]::new);
    StoredEntry all = entry("all", 1, tags);
    metadata.apply(List.of(put("app", all), put("app", entry("one", 2, "tag 7"))), position(2));

    assertThat(metadata.tagged("app", Set.of(tags))).containsExactly(all);
  }

  @Test
  void tagCountsLeaveOutEntriesThatAreGone() throws Exception {
    metadata.apply(
        List.of(
            put("app", entry("a", 1, "x", "y")),
            put("app", expiring("b", 2, 100, "x")),
            put("app", expiring("c", 3, 100, "z"))),
        position(3));

    assertThat(metadata.tagCounts("app", 99)).isEqualTo(Map.of("x", 2L, "y", 1L, "z", 1L));
    assertThat(metadata.tagCounts("app", 100)).isEqualTo(Map.of("x", 1L, "y", 1L));
    assertThat(metadata.tagCounts("app", 99).firstKey()).isEqualTo("x");
  }

  @Test
  void expiredReturnsTheEarliestFirstAndNoMoreThanAsked() throws Exception {
    metadata.apply(
        List.of(
            put("one", expiring("late", 1, 300)),
            put("two", expiring("early", 2, 100)),
            put("one", expiring("middle", 3, 200)),
            put("one", entry("never", 4))),
        position(4));

    assertThat(metadata.expired(null, 300, 10))
        .containsExactly(
            new ExpiredKey("two", "early", 2),
            new ExpiredKey("one", "middle", 3),
            new ExpiredKey("one", "late", 1));
    assertThat(metadata.expired(null, 299, 10)).hasSize(2);
    assertThat(metadata.expired(null, 300, 1)).containsExactly(new ExpiredKey("two", "early", 2));
    assertThat(metadata.expired("one", 300, 1)).containsExactly(new ExpiredKey("one", "middle", 3));
    assertThat(metadata.expired(null, 300, 0)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> metadata.expired(null, 300, -1));
  }

  @Test
  void oddStringsRoundTripAndSortByCodePoint() throws Exception {
    String longKey = "ä".repeat(32 * 1024);
    List<String> sorted =
        List.of(
            "\0",
            "\0\0",
            "\0a",
            "%",
            "_",
            "a",
            "a\0",
            "a\0b",
            "a\n\"\\'",
            "a%",
            "a_",
            "ab",
            longKey,
            "\uD7FF",
            "\uE000",
            "\uFFFF",
            "😀",
            "😀\0",
            "\uDBFF\uDFFF",
            "\uDBFF\uDFFF\uDBFF\uDFFF");
    List<Change> changes = new ArrayList<>();
    List<String> shuffled = new ArrayList<>(new TreeSet<>(sorted));
    for (String key : shuffled) {
      changes.add(
          put("ns\0😀", entry(key, 1, "tag", key.substring(0, Math.min(500, key.length())))));
    }
    metadata.apply(changes, position(1));

    assertThat(keys(metadata, "ns\0😀", "")).containsExactlyElementsOf(sorted);
    assertThat(metadata.tagged("ns\0😀", Set.of("tag")))
        .extracting(StoredEntry::key)
        .containsExactlyElementsOf(sorted);
    for (String key : sorted) {
      if (key.length() < 500) {
        assertThat(metadata.tagged("ns\0😀", Set.of(key, "tag")))
            .containsExactly(entry(key, 1, "tag", key));
      }
      assertThat(keys(metadata, "ns\0😀", key))
          .containsExactlyElementsOf(sorted.stream().filter(k -> k.startsWith(key)).toList());
    }
    assertThat(keys(metadata, "ns\0😀", "\uD83D")).containsExactly("😀", "😀\0");
    assertThat(keys(metadata, "ns\0😀", "\uDBFF")).hasSize(2);
    assertThat(keys(metadata, "ns\0😀", "zzz")).isEmpty();
    assertThat(keys(metadata, "ns\0😀", "\uDC00")).isEmpty();
  }

  @Test
  void aScanGivesEveryEntryOnceHoweverManyAndTheConsumerMayWrite() throws Exception {
    List<Change> changes = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      String key = String.format("key %05d", i);
      expected.add(key);
      changes.add(put("app", entry(key, i)));
    }
    for (int i = 0; i < 50; i++) {
      String key = "long " + (char) ('0' + i) + "x".repeat(60_000);
      expected.add(key);
      changes.add(put("app", entry(key, i)));
    }
    metadata.apply(changes, position(1));
    List<String> seen = new ArrayList<>();
    metadata.scan(
        "app",
        "",
        entry -> {
          seen.add(entry.key());
          applyUnchecked(remove("app", entry.key()));
        });

    assertThat(seen).isEqualTo(expected);
    assertThat(keys(metadata, "app", "")).isEmpty();
  }

  private void applyUnchecked(Change change) {
    try {
      metadata.apply(List.of(change), position(2));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
