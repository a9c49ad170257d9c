package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.column;
import static io.nadb.internal.metadata.Fixtures.connect;
import static io.nadb.internal.metadata.Fixtures.entries;
import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.expiring;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.remove;
import static io.nadb.internal.metadata.Fixtures.tagCounts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is applied is what people read. */
class KeyValueMetadataTest {
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

  private void reopen() throws IOException {
    metadata.close();
    open();
  }

  @Test
  void aNewDatabaseIsEmptyAndAtTheBeginning() throws Exception {
    assertThat(metadata.applied()).isEqualTo(Progress.NONE).isEqualTo(new Progress(0, 0, 0, 0));
    assertThat(column(file, "SELECT key FROM entry")).isEmpty();
    assertThat(column(file, "SELECT tag FROM entry_tag")).isEmpty();
  }

  @Test
  void entriesStandThereAsTheyWerePutAndSurviveReopening() throws Exception {
    StoredEntry plain = entry("a", 1);
    StoredEntry full = expiring("b", 2, 5000, "web", "auth");
    metadata.apply(List.of(put("app", plain), put("app", full)), new Progress(2, 7, 99, 5));

    assertThat(entries(file, "app")).containsExactly(plain, full);
    reopen();
    assertThat(entries(file, "app")).containsExactly(plain, full);
    assertThat(metadata.applied()).isEqualTo(new Progress(2, 7, 99, 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 128, 200})
  void batchesOfAnySizeAreThereAsAWhole(int size) throws Exception {
    List<MetadataChange> changes = new ArrayList<>();
    List<StoredEntry> expected = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      StoredEntry entry = expiring(String.format("key %03d", i), i, 7L * i, "tag " + i % 3);
      expected.add(entry);
      changes.add(put("app", entry));
      changes.add(put("other", entry("k" + i, i)));
    }
    metadata.apply(changes, position(1));

    assertThat(entries(file, "app")).isEqualTo(expected);
    assertThat(entries(file, "other")).hasSize(size);
  }

  @Test
  void aPutReplacesTheWholeEntry() throws Exception {
    metadata.apply(List.of(put("app", expiring("k", 1, 500, "a", "b"))), position(1));
    List<StoredEntry> successors =
        List.of(
            new StoredEntry("k", 2, 0, 7, 8, 900, Set.of("b", "c")),
            entry("k", 3),
            entry("k", 4, "d"),
            expiring("k", 5, 77, "d"));
    for (StoredEntry successor : successors) {
      metadata.apply(List.of(put("app", successor)), position(successor.sequence()));
      assertThat(entries(file, "app")).containsExactly(successor);
    }
  }

  @Test
  void removingForgetsAnEntryAndItsTagsAndMindsNoMissingKey() throws Exception {
    metadata.apply(
        List.of(put("app", entry("k", 1, "t", "u")), put("app", entry("l", 2, "t"))), position(2));
    metadata.apply(
        List.of(remove("app", "k"), remove("app", "nobody"), remove("new", "k")), position(3));

    assertThat(keys(file, "app")).containsExactly("l");
    assertThat(column(file, "SELECT tag FROM entry_tags")).containsExactly("t");
  }

  @Test
  void changesOfOneKeyInOneBatchTakeEffectInOrder() throws Exception {
    StoredEntry last = entry("b", 4, "z");
    metadata.apply(
        List.of(
            put("app", entry("a", 1, "x")),
            remove("app", "a"),
            remove("app", "b"),
            put("app", entry("b", 3, "y")),
            put("app", last)),
        position(4));

    assertThat(entries(file, "app")).containsExactly(last);
    assertThat(tagCounts(file)).isEqualTo(Map.of("z", 1));
  }

  @Test
  void applyingTheSameChangesAgainChangesNothing() throws Exception {
    List<MetadataChange> changes =
        List.of(
            put("app", entry("a", 1, "x", "y")),
            put("app", expiring("b", 2, 50)),
            remove("app", "c"),
            put("other", entry("a", 4)));
    metadata.apply(changes, position(4));
    List<StoredEntry> before = entries(file, "app");
    metadata.apply(changes, position(4));
    metadata.apply(changes.subList(0, 1), position(4));

    assertThat(entries(file, "app")).isEqualTo(before);
    assertThat(tagCounts(file)).isEqualTo(Map.of("x", 1, "y", 1));
    assertThat(keys(file, "other")).containsExactly("a");
  }

  @Test
  void anEmptyBatchOnlyAdvances() throws Exception {
    metadata.apply(List.of(), position(9));
    reopen();
    assertThat(metadata.applied()).isEqualTo(position(9));
  }

  @Test
  void whoDeletesItBeginsAnew() throws Exception {
    metadata.apply(List.of(put("app", entry("a", 1, "x"))), position(1));
    metadata.delete();
    assertThat(directory.toFile().list()).isEmpty();
    open();
    assertThat(metadata.applied()).isEqualTo(Progress.NONE);
    assertThat(keys(file, "app")).isEmpty();
  }

  @Test
  void namespacesDoNotMeet() throws Exception {
    metadata.apply(
        List.of(
            put("one", entry("k", 1, "t")),
            put("two", entry("k", 2, "t")),
            put("", entry("k", 3)),
            remove("two", "k")),
        position(3));

    assertThat(column(file, "SELECT namespace FROM entry WHERE key = 'k' ORDER BY 1"))
        .containsExactly("", "one");
    assertThat(column(file, "SELECT namespace FROM entry_tag WHERE tag = 't'"))
        .containsExactly("one");
  }

  @Test
  void closingTwiceIsFineAndLeavesOneFile() throws Exception {
    metadata.apply(List.of(put("app", entry("a", 1))), position(1));
    metadata.close();
    metadata.close();
    assertThat(directory.toFile().list()).containsExactly("metadata.db");
  }

  @Test
  void thePathMayHoldAnything() throws Exception {
    String name = "a?cache_size=1&b#c %41 plus+";
    Path odd = Files.createDirectory(directory.resolve(name));
    Path oddFile = odd.resolve("metadata.db");
    try (KeyValueMetadata there = KeyValueMetadata.open(oddFile, "store-1")) {
      there.apply(List.of(), position(1));
    }
    assertThat(odd.toFile().list()).containsExactly("metadata.db");
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("metadata.db", "metadata.db-wal", "metadata.db-shm", name);
  }

  @Test
  void aDirectoryInTheFilesPlaceIsAClearError() throws Exception {
    Path taken = Files.createDirectory(directory.resolve("taken"));
    assertThatThrownBy(() -> KeyValueMetadata.open(taken, "store-1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(taken.toString())
        .hasMessageContaining("is a directory");
  }

  @Test
  void aMissingDirectoryIsAnErrorThatNamesTheFile() {
    Path nowhere = directory.resolve("nowhere/metadata.db");
    assertThatThrownBy(() -> KeyValueMetadata.open(nowhere, "store-1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(nowhere.toString())
        .hasCauseInstanceOf(java.sql.SQLException.class);
  }

  @Test
  void theViewsShowTimesInUtcAndTagsAsJson() throws Exception {
    metadata.apply(List.of(put("app", expiring("k", 1, 1500, "b", "a\"\n"))), position(1));
    metadata.apply(List.of(put("app", entry("plain", 2))), position(2));
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM entry ORDER BY key")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString("namespace")).isEqualTo("app");
      assertThat(row.getString("key")).isEqualTo("k");
      assertThat(row.getInt("size")).isEqualTo(11);
      assertThat(row.getString("created")).isEqualTo("1970-01-01 00:00:01.000");
      assertThat(row.getString("updated")).isEqualTo("1970-01-01 00:00:01.001");
      assertThat(row.getString("expires_at")).isEqualTo("1970-01-01 00:00:01.500");
      assertThat(row.getLong("sequence")).isEqualTo(1);
      assertThat(row.getString("tags")).isEqualTo("[\"a\\\"\\u000a\",\"b\"]");
      assertThat(row.next()).isTrue();
      assertThat(row.getString("expires_at")).isNull();
      assertThat(row.getString("tags")).isEqualTo("[]");
    }
    assertThat(column(file, "SELECT value FROM entry, json_each(entry.tags)"))
        .containsExactly("a\"\n", "b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM entry WHERE namespace = 'app' AND key = 'k'",
        "SELECT * FROM entry WHERE key = 'k'",
        "SELECT * FROM entry WHERE key >= 'user:' AND key < 'user;'",
        "SELECT * FROM entry_tag WHERE tag = 't'"
      })
  void aQueryByKeyOrByTagSearchesInsteadOfReadingEverything(String query) throws Exception {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + query)) {
      List<String> plan = new ArrayList<>();
      while (row.next()) {
        plan.add(row.getString("detail"));
      }
      assertThat(plan).anyMatch(step -> step.startsWith("SEARCH"));
      assertThat(plan).noneMatch(step -> step.matches("SCAN [et].*"));
    }
  }

  @Test
  void aReaderInAnotherProcessBlocksNeitherWritingNorClosing() throws Exception {
    metadata.apply(List.of(put("app", entry("a", 1))), position(1));
    try (Connection reader = connect(file);
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM entry")) {
        row.next();
        metadata.apply(List.of(put("app", entry("b", 2))), position(2));
        metadata.close();
        assertThat(row.getInt(1)).isEqualTo(1);
      }
    }
    open();
    assertThat(metadata.applied()).isEqualTo(position(2));
    assertThat(keys(file, "app")).containsExactly("a", "b");
  }

  @Test
  void oddStringsStandThereAsTheyAre() throws Exception {
    List<String> sorted =
        List.of(
            "\0",
            "\0\0",
            "\0a",
            "%",
            "a",
            "a\0",
            "a\0b",
            "a\n\"\\'",
            "ä".repeat(32 * 1024),
            "\uD7FF",
            "\uE000",
            "\uFFFF",
            "😀",
            "😀\0",
            "\uDBFF\uDFFF");
    List<StoredEntry> expected = new ArrayList<>();
    List<MetadataChange> changes = new ArrayList<>();
    for (String key : sorted) {
      StoredEntry entry = entry(key, 1, "tag", key.substring(0, Math.min(500, key.length())));
      expected.add(entry);
      changes.add(put("ns\0😀", entry));
    }
    metadata.apply(changes, position(1));

    assertThat(entries(file, "ns\0😀")).isEqualTo(expected);
    assertThat(tagCounts(file)).containsEntry("tag", sorted.size());
  }
}
