package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.column;
import static io.nadb.internal.metadata.Fixtures.connect;
import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.sql;
import static io.nadb.internal.metadata.Fixtures.tagCounts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the file, the metadata begins anew or goes on; nothing in between. */
class MetadataDamageTest {
  private static final int ENTRIES = 2500;

  private static byte[] sound = {};

  @TempDir Path directory;
  private Path file;

  @BeforeAll
  static void fill(@TempDir Path once) throws IOException {
    Path file = once.resolve("metadata.db");
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-1")) {
      fill(metadata);
    }
    sound = Files.readAllBytes(file);
  }

  @BeforeEach
  void copy() throws IOException {
    file = Files.write(directory.resolve("metadata.db"), sound);
  }

  private KeyValueMetadata open() throws IOException {
    return KeyValueMetadata.open(file, "store-1");
  }

  /** More than the page cache holds, so that what is read comes from the file. */
  private static void fill(KeyValueMetadata metadata) throws IOException {
    List<MetadataChange> changes = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      changes.add(put("app", entry(key(i), i, "tag " + i % 10)));
    }
    metadata.apply(changes, position(ENTRIES));
  }

  private void assertBegunAnewAndUsable(KeyValueMetadata metadata) throws Exception {
    assertThat(metadata.applied()).isEqualTo(Progress.NONE);
    assertThat(keys(file, "app")).isEmpty();
    metadata.apply(List.of(put("app", entry("new", 1, "t"))), position(1));
    assertThat(keys(file, "app")).containsExactly("new");
    assertThat(tagCounts(file)).isEqualTo(Map.of("t", 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 5000})
  void aFileThatIsNoDatabaseIsReplacedAtOpen(int length) throws Exception {
    byte[] garbage = new byte[length];
    Arrays.fill(garbage, (byte) 'x');
    Files.write(file, garbage);
    try (KeyValueMetadata metadata = open()) {
      assertBegunAnewAndUsable(metadata);
    }
  }

  @Test
  void aTruncatedFileIsReplacedAtOpenOrWhenItMatters() throws Exception {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(access.length() / 2);
    }
    assertHealsItself();
  }

  @Test
  void aDeletedFileIsMadeAgainAtOpenAndAJournalLeftBehindIsIgnored() throws Exception {
    Path journal = directory.resolve("metadata.db-wal");
    Path copy = directory.resolve("copy");
    try (KeyValueMetadata metadata = open()) {
      metadata.apply(List.of(put("app", entry("late", 1))), position(7));
      Files.copy(journal, copy);
    }
    Files.delete(file);
    Files.move(copy, journal);
    try (KeyValueMetadata metadata = open()) {
      assertBegunAnewAndUsable(metadata);
    }
  }

  @Test
  void aFileDeletedWhileOpenIsMissedAtTheNextOpenOnly() throws Exception {
    try (KeyValueMetadata metadata = open()) {
      Files.delete(file);
      metadata.apply(List.of(put("app", entry("late", 1))), position(7));
    }
    try (KeyValueMetadata metadata = open()) {
      assertBegunAnewAndUsable(metadata);
    }
  }

  @Test
  void theDatabaseOfAnotherStoreIsReplaced() throws Exception {
    try (KeyValueMetadata metadata = KeyValueMetadata.open(file, "store-2")) {
      assertBegunAnewAndUsable(metadata);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE projection SET format = 1",
        "DELETE FROM projection",
        "DROP TABLE projection",
        "DROP TABLE entry_tags",
        "DROP VIEW entry",
        "DROP TRIGGER entry_changed",
        "ALTER TABLE entries RENAME COLUMN size TO length"
      })
  void aDatabaseOfAnotherShapeIsReplacedAtOpen(String change) throws Exception {
    sql(file, change);
    try (KeyValueMetadata metadata = open()) {
      assertBegunAnewAndUsable(metadata);
    }
  }

  @Test
  void whatUsersAddOfTheirOwnStays() throws Exception {
    sql(file, "CREATE VIEW mine AS SELECT key FROM entry");
    try (KeyValueMetadata metadata = open()) {
      assertThat(metadata.applied()).isEqualTo(position(ENTRIES));
    }
    sql(file, "SELECT * FROM mine");
  }

  @Test
  void aTableDroppedWhileOpenLosesTheMetadataAndTheNextOpenBeginsAnew() throws Exception {
    KeyValueMetadata metadata = open();
    sql(file, "DROP TABLE entry_tags");
    assertThatThrownBy(() -> metadata.apply(rewritten(), position(9999)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    try (KeyValueMetadata next = open()) {
      assertBegunAnewAndUsable(next);
    }
  }

  @Test
  void tagRowsThatAreMissingAreMadeUpForWhenTheirEntriesAreWritten() throws Exception {
    sql(file, "DELETE FROM entry_tags");
    try (KeyValueMetadata metadata = open()) {
      metadata.apply(rewritten(), position(9999));
    }
    assertThat(tagCounts(file)).isEqualTo(Map.of("new tag", ENTRIES));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[", "[\"a\"", "[\"a\"]x", "[\"a\\u00zz\"]", "[a]", ""})
  void tagsThatCannotBeReadLoseTheMetadataWhenTheyMatter(String text) throws Exception {
    String trigger =
        column(file, "SELECT sql FROM sqlite_schema WHERE name = 'entry_changed'").get(0);
    sql(file, "DROP TRIGGER entry_changed");
    try (Connection connection = connect(file);
        PreparedStatement update = connection.prepareStatement("UPDATE entries SET tags = ?")) {
      update.setString(1, text);
      update.executeUpdate();
    }
    sql(file, trigger);
    KeyValueMetadata metadata = open();
    assertThat(metadata.applied()).isEqualTo(position(ENTRIES));
    assertThatThrownBy(() -> metadata.apply(rewritten(), position(9999)))
        .isInstanceOf(IOException.class);
    try (KeyValueMetadata next = open()) {
      assertBegunAnewAndUsable(next);
    }
  }

  @Test
  void bytesOverwrittenWhileOpenLoseTheMetadataAndAllOfItCanBeAppliedAgain() throws Exception {
    KeyValueMetadata metadata = open();
    fillWithGarbage(4096);
    assertThatThrownBy(() -> metadata.apply(rewritten(), position(9999)))
        .isInstanceOf(IOException.class);
    try (KeyValueMetadata next = open()) {
      assertThat(next.applied()).isEqualTo(Progress.NONE);
      fill(next);
      assertThat(keys(file, "app")).hasSize(ENTRIES);
    }
  }

  @Test
  void aDamagedFileCanBeDeleted() throws Exception {
    KeyValueMetadata metadata = open();
    fillWithGarbage(0);
    metadata.delete();
    try (KeyValueMetadata next = open()) {
      assertBegunAnewAndUsable(next);
    }
  }

  @Test
  void randomDamageNeverDoesMoreThanLoseTheMetadata() throws Exception {
    Random random = new Random(42);
    for (int round = 0; round < 40; round++) {
      byte[] damaged = sound.clone();
      // The first page holds the header and the schema; the others the rows.
      int end = round % 2 == 0 ? 4096 : damaged.length;
      for (int i = 0; i < 20; i++) {
        damaged[random.nextInt(end)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      assertHealsItself();
    }
  }

  @Test
  void damageToAnyByteOfTheHeaderNeverDoesMoreThanLoseTheMetadata() throws Exception {
    Files.delete(file);
    try (KeyValueMetadata metadata = open()) {
      metadata.apply(List.of(put("app", entry("a", 1, "t"))), position(1));
    }
    byte[] small = Files.readAllBytes(file);
    for (int at = 0; at < 100; at++) {
      byte[] damaged = small.clone();
      damaged[at] ^= 0x55;
      Files.write(file, damaged);
      assertHealsItself();
    }
  }

  /** A new version of each entry, with another tag. */
  private static List<MetadataChange> rewritten() {
    List<MetadataChange> changes = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      changes.add(put("app", entry(key(i), i, "new tag")));
    }
    return changes;
  }

  private static String key(int number) {
    return number + "x".repeat(2000);
  }

  /** Opens and writes all entries, and if that fails, once more: then it must work. */
  private void assertHealsItself() throws Exception {
    try (KeyValueMetadata metadata = open()) {
      metadata.apply(rewritten(), position(9999));
    } catch (IOException e) {
      try (KeyValueMetadata metadata = open()) {
        assertBegunAnewAndUsable(metadata);
        metadata.apply(rewritten(), position(9999));
      }
    }
    try (KeyValueMetadata metadata = open()) {
      assertThat(metadata.applied()).isEqualTo(position(9999));
    }
  }

  private void fillWithGarbage(long from) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] garbage = new byte[(int) (access.length() - from)];
      Arrays.fill(garbage, (byte) 0xA5);
      access.seek(from);
      access.write(garbage);
    }
  }
}
