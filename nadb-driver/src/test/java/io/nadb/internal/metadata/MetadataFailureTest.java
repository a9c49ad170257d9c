package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.scan;
import static io.nadb.internal.metadata.Fixtures.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failed batch leaves nothing behind, and the next call works. */
class MetadataFailureTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void fill() throws IOException {
    file = directory.resolve("metadata.db");
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1")) {
      metadata.apply(List.of(put("app", entry("first", 1, "old"))), position(1));
    }
  }

  @Test
  void aFileDeletedAfterAFailureIsALossAtTheNextCall() throws Exception {
    sql(
        file,
        "CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no room'); END");
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1")) {
      Change change = put("app", entry("a", 1));
      assertThatThrownBy(() -> metadata.apply(List.of(change), position(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no room");
      Files.delete(file);
      assertThatThrownBy(() -> scan(metadata, "app", "")).isInstanceOf(MetadataLostException.class);
      assertThat(metadata.applied()).isEqualTo(Position.NONE);
      metadata.apply(List.of(change), position(1));
      assertThat(keys(metadata, "app", "")).containsExactly("a");
    }
  }

  @Test
  void aBatchThatFailsInTheMiddleLeavesNothingBehindAndTheNextOneWorks() throws Exception {
    sql(
        file,
        "CREATE TRIGGER poison BEFORE INSERT ON entries WHEN NEW.key = 'poison'"
            + " BEGIN SELECT RAISE(FAIL, 'no room'); END");
    List<Change> batch =
        List.of(
            put("app", entry("another", 1, "t")),
            put("app", entry("poison", 2, "t")),
            put("app", entry("queue", 3, "t")));
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1")) {
      List<StoredEntry> before = scan(metadata, "app", "");
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> metadata.apply(batch, position(9999)))
            .isInstanceOf(IOException.class)
            .isNotInstanceOf(MetadataLostException.class)
            .hasMessageContaining(file.toString())
            .hasMessageContaining("no room")
            .hasCauseInstanceOf(java.sql.SQLException.class);
        assertThat(metadata.applied()).isEqualTo(position(1));
        assertThat(scan(metadata, "app", "")).isEqualTo(before);
        assertThat(metadata.tagCounts("app", 0)).doesNotContainKey("t");
      }
      sql(file, "DROP TRIGGER poison");
      metadata.apply(batch, position(9999));
      assertThat(metadata.tagged("app", Set.of("t"))).hasSize(3);
      assertThat(metadata.applied()).isEqualTo(position(9999));
    }
  }

  @Test
  @SuppressWarnings("NullAway") // The poison.
  void aPoisonedChangeLeavesNothingBehindAndTheNextOneWorks() throws Exception {
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1")) {
      StoredEntry poison = new StoredEntry("poison", 1, 1, 1, 1, Write.NEVER, null);
      List<Change> batch = List.of(put("app", entry("another", 1, "t")), put("app", poison));
      assertThatNullPointerException().isThrownBy(() -> metadata.apply(batch, position(9999)));
      assertThat(metadata.applied()).isEqualTo(position(1));
      assertThat(metadata.tagCounts("app", 0)).doesNotContainKey("t");
      metadata.apply(batch.subList(0, 1), position(9999));
      assertThat(metadata.tagged("app", Set.of("t"))).hasSize(1);
    }
  }
}
