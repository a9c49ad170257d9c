package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.connect;
import static io.nadb.internal.metadata.Fixtures.entries;
import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.sql;
import static io.nadb.internal.metadata.Fixtures.tagCounts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed batch leaves nothing behind, and whoever opens the file again goes on. */
class MetadataFailureTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void fill() throws IOException {
    file = directory.resolve("metadata.db");
    try (KeyValueMetadata metadata = open()) {
      metadata.apply(List.of(put("app", entry("first", 1, "old"))), position(1));
    }
  }

  private KeyValueMetadata open() throws IOException {
    return KeyValueMetadata.open(file, "store-1");
  }

  @Test
  void aBatchThatFailsInTheMiddleLeavesNothingBehindAndTheNextOneWorks() throws Exception {
    sql(
        file,
        "CREATE TRIGGER poison BEFORE INSERT ON entries WHEN NEW.key = 'poison'"
            + " BEGIN SELECT RAISE(FAIL, 'no room'); END");
    List<MetadataChange> batch =
        List.of(
            put("app", entry("another", 1, "t")),
            put("app", entry("poison", 2, "t")),
            put("app", entry("queue", 3, "t")));
    List<StoredEntry> before = entries(file, "app");
    for (int i = 0; i < 3; i++) {
      KeyValueMetadata metadata = open();
      assertThatThrownBy(() -> metadata.apply(batch, position(9999)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("no room")
          .hasCauseInstanceOf(java.sql.SQLException.class);
      assertThat(metadata.applied()).isEqualTo(position(1));
      metadata.close();
      assertThat(entries(file, "app")).isEqualTo(before);
    }
    sql(file, "DROP TRIGGER poison");
    try (KeyValueMetadata metadata = open()) {
      metadata.apply(batch, position(9999));
      assertThat(tagCounts(file)).containsEntry("t", 3);
      assertThat(metadata.applied()).isEqualTo(position(9999));
    }
  }

  @Test
  @SuppressWarnings("NullAway") // The poison.
  void aPoisonedChangeLeavesNothingBehindAndTheNextOneWorks() throws Exception {
    StoredEntry poison = new StoredEntry("poison", 1, 1, 1, 1, Write.NEVER, null);
    List<MetadataChange> batch = List.of(put("app", entry("another", 1, "t")), put("app", poison));
    try (KeyValueMetadata metadata = open()) {
      assertThatNullPointerException().isThrownBy(() -> metadata.apply(batch, position(9999)));
    }
    try (KeyValueMetadata metadata = open()) {
      assertThat(metadata.applied()).isEqualTo(position(1));
      assertThat(keys(file, "app")).containsExactly("first");
      metadata.apply(batch.subList(0, 1), position(9999));
      assertThat(keys(file, "app")).containsExactly("another", "first");
    }
  }

  @Test
  void aWriteLockOfAnotherProcessIsAnErrorAndTheNextBatchWorksWithoutIt() throws Exception {
    List<MetadataChange> batch = List.of(put("app", entry("second", 2)));
    try (KeyValueMetadata metadata = open();
        Connection other = connect(file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> metadata.apply(batch, position(2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("locked");
    }
    try (KeyValueMetadata metadata = open()) {
      assertThat(metadata.applied()).isEqualTo(position(1));
      metadata.apply(batch, position(2));
      assertThat(keys(file, "app")).containsExactly("first", "second");
    }
  }
}
