package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.expiring;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.remove;
import static io.nadb.internal.metadata.Fixtures.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.StoredEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertThat(metadata.applied()).isEqualTo(Position.NONE).isEqualTo(new Position(0, 0, 0));
    assertThat(scan(metadata, "app", "")).isEmpty();
    assertThat(metadata.tagged("app", Set.of("x"))).isEmpty();
    assertThat(metadata.tagCounts("app", 0)).isEmpty();
    assertThat(metadata.expired(null, Long.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void entriesComeBackAsTheyWerePutAndSurviveReopening() throws Exception {
    StoredEntry plain = entry("a", 1);
    StoredEntry full = expiring("b", 2, 5000, "web", "auth");
    metadata.apply(List.of(put("app", plain), put("app", full)), new Position(2, 7, 99));

    assertThat(scan(metadata, "app", "")).containsExactly(plain, full);
    reopen();
    assertThat(scan(metadata, "app", "")).containsExactly(plain, full);
    assertThat(metadata.applied()).isEqualTo(new Position(2, 7, 99));
  }

  @Test
  void aPutReplacesTheWholeEntry() throws Exception {
    metadata.apply(List.of(put("app", expiring("k", 1, 500, "a", "b"))), position(1));
    StoredEntry retagged = new StoredEntry("k", 2, 0, 7, 8, 900, Set.of("b", "c"));
    metadata.apply(List.of(put("app", retagged)), position(2));

    assertThat(scan(metadata, "app", "")).containsExactly(retagged);
    assertThat(metadata.tagged("app", Set.of("a"))).isEmpty();
    assertThat(metadata.tagged("app", Set.of("b", "c"))).containsExactly(retagged);

    StoredEntry plain = entry("k", 3);
    metadata.apply(List.of(put("app", plain)), position(3));
    assertThat(scan(metadata, "app", "")).containsExactly(plain);
    assertThat(metadata.tagCounts("app", 0)).isEmpty();
    assertThat(metadata.expired(null, Long.MAX_VALUE - 1, 10)).isEmpty();

    StoredEntry tagged = entry("k", 4, "d");
    metadata.apply(List.of(put("app", tagged)), position(4));
    assertThat(metadata.tagged("app", Set.of("d"))).containsExactly(tagged);

    StoredEntry sameTags = expiring("k", 5, 77, "d");
    metadata.apply(List.of(put("app", sameTags)), position(5));
    assertThat(metadata.tagged("app", Set.of("d"))).containsExactly(sameTags);
  }

  @Test
  void removingForgetsAnEntryAndItsTagsAndMindsNoMissingKey() throws Exception {
    metadata.apply(
        List.of(put("app", entry("k", 1, "t")), put("app", entry("l", 2, "t"))), position(2));
    metadata.apply(
        List.of(remove("app", "k"), remove("app", "nobody"), remove("new", "k")), position(3));

    assertThat(keys(metadata, "app", "")).containsExactly("l");
    assertThat(metadata.tagCounts("app", 0)).isEqualTo(Map.of("t", 1L));
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

    assertThat(scan(metadata, "app", "")).containsExactly(last);
    assertThat(metadata.tagCounts("app", 0)).isEqualTo(Map.of("z", 1L));
  }

  @Test
  void applyingTheSameChangesAgainChangesNothing() throws Exception {
    List<Change> changes =
        List.of(
            put("app", entry("a", 1, "x", "y")),
            put("app", expiring("b", 2, 50)),
            remove("app", "c"),
            put("other", entry("a", 4)));
    metadata.apply(changes, position(4));
    List<StoredEntry> before = scan(metadata, "app", "");
    metadata.apply(changes, position(4));
    metadata.apply(changes.subList(0, 1), position(4));

    assertThat(scan(metadata, "app", "")).isEqualTo(before);
    assertThat(metadata.tagCounts("app", 0)).isEqualTo(Map.of("x", 1L, "y", 1L));
    assertThat(keys(metadata, "other", "")).containsExactly("a");
    assertThat(metadata.applied()).isEqualTo(position(4));
  }

  @Test
  void anEmptyBatchOnlyAdvances() throws Exception {
    metadata.apply(List.of(), position(9));
    reopen();
    assertThat(metadata.applied()).isEqualTo(position(9));
  }

  @Test
  void resetBeginsAnew() throws Exception {
    metadata.apply(List.of(put("app", entry("a", 1, "x"))), position(1));
    metadata.reset();
    assertThat(metadata.applied()).isEqualTo(Position.NONE);
    assertThat(scan(metadata, "app", "")).isEmpty();
    reopen();
    assertThat(metadata.applied()).isEqualTo(Position.NONE);
  }

  @Test
  void namespacesDoNotSeeEachOther() throws Exception {
    metadata.apply(
        List.of(
            put("one", expiring("k", 1, 5, "t")),
            put("two", expiring("k", 2, 5, "t")),
            put("", entry("k", 3)),
            remove("two", "k")),
        position(3));

    assertThat(keys(metadata, "one", "")).containsExactly("k");
    assertThat(keys(metadata, "", "")).containsExactly("k");
    assertThat(keys(metadata, "two", "")).isEmpty();
    assertThat(metadata.tagged("two", Set.of("t"))).isEmpty();
    assertThat(metadata.tagCounts("two", 0)).isEmpty();
    assertThat(metadata.expired("two", 9, 9)).isEmpty();
    assertThat(metadata.expired("none", 9, 9)).isEmpty();
  }

  @Test
  void closingTwiceIsFineAndAfterwardsEveryCallSaysSo() throws Exception {
    metadata.close();
    metadata.close();
    assertThat(directory.toFile().list()).containsExactly("metadata.db");
    assertThatIllegalStateException()
        .isThrownBy(() -> metadata.tagCounts("app", 0))
        .withMessageContaining("closed")
        .withMessageContaining(file.toString());
    assertThatIllegalStateException().isThrownBy(() -> metadata.apply(List.of(), position(1)));
    assertThatIllegalStateException().isThrownBy(() -> metadata.scan("app", "", entry -> {}));
    assertThatIllegalStateException().isThrownBy(() -> metadata.reset());
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
  void anySqliteToolReadsTheViewsWhileTheStoreIsOpen() throws Exception {
    metadata.apply(List.of(put("app", expiring("k", 1, 1500, "b", "a\""))), position(1));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT * FROM entry")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString("namespace")).isEqualTo("app");
        assertThat(row.getString("key")).isEqualTo("k");
        assertThat(row.getInt("size")).isEqualTo(11);
        assertThat(row.getString("created")).isEqualTo("1970-01-01 00:00:01.000");
        assertThat(row.getString("expires_at")).isEqualTo("1970-01-01 00:00:01.500");
        assertThat(row.getLong("sequence")).isEqualTo(1);
        assertThat(row.getString("tags")).isEqualTo("[\"a\\\"\",\"b\"]");
      }
      try (ResultSet row =
          statement.executeQuery("SELECT value FROM entry, json_each(entry.tags)")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("a\"");
      }
      try (ResultSet row = statement.executeQuery("SELECT * FROM entry_tag WHERE tag = 'b'")) {
        row.next();
        assertThat(row.getString("key")).isEqualTo("k");
      }
    }
  }

  @Test
  void aReaderInAnotherProcessBlocksNeitherWritingNorClosing() throws Exception {
    metadata.apply(List.of(put("app", entry("a", 1))), position(1));
    try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file);
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
    assertThat(keys(metadata, "app", "")).containsExactly("a", "b");
  }
}
