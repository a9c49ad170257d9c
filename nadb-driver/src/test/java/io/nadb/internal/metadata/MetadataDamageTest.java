package io.nadb.internal.metadata;

import static io.nadb.internal.metadata.Fixtures.entry;
import static io.nadb.internal.metadata.Fixtures.keys;
import static io.nadb.internal.metadata.Fixtures.position;
import static io.nadb.internal.metadata.Fixtures.put;
import static io.nadb.internal.metadata.Fixtures.scan;
import static io.nadb.internal.metadata.Fixtures.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      changes.add(put("app", entry(i + "x".repeat(2000), i, "tag " + i % 10)));
    }
    metadata.apply(changes, position(ENTRIES));
  }

  private void assertBegunAnewAndUsable(KeyValueMetadata metadata) throws IOException {
    assertThat(metadata.applied()).isEqualTo(Position.NONE);
    assertThat(scan(metadata, "app", "")).isEmpty();
    metadata.apply(List.of(put("app", entry("new", 1, "t"))), position(1));
    assertThat(keys(metadata, "app", "")).containsExactly("new");
    assertThat(metadata.tagged("app", Set.of("t"))).hasSize(1);
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
  void aTruncatedFileIsReplacedAtOpenOrWhenItIsRead() throws Exception {
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
      assertThat(keys(metadata, "app", "late")).containsExactly("late");
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
        "UPDATE projection SET format = 2",
        "DELETE FROM projection",
        "DROP TABLE projection",
        "DROP TABLE entry_tags",
        "DROP VIEW entry",
        "DROP INDEX entries_by_expiry",
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
  void aTableDroppedWhileOpenLosesTheMetadataAndTheNextCallWorks() throws Exception {
    try (KeyValueMetadata metadata = open()) {
      sql(file, "DROP TABLE entry_tags");
      assertThatThrownBy(() -> metadata.tagged("app", Set.of("tag 1")))
          .isInstanceOf(MetadataLostException.class)
          .hasMessageContaining(file.toString());
      assertBegunAnewAndUsable(metadata);
    }
  }

  @Test
  void aTagRowThatIsMissingLosesTheMetadataWhenItMatters() throws Exception {
    sql(file, "DELETE FROM entry_tags");
    try (KeyValueMetadata metadata = open()) {
      Change removal = new Change.Remove("app", "0" + "x".repeat(2000));
      assertThatThrownBy(() -> metadata.apply(List.of(removal), position(1)))
          .isInstanceOf(MetadataLostException.class);
      assertBegunAnewAndUsable(metadata);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[", "[\"a\"", "[\"a\"]x", "[\"a\\u00zz\"]", "[a]", ""})
  void tagsThatCannotBeReadLoseTheMetadata(String text) throws Exception {
    sql(file, "UPDATE entries SET tags = '" + text + "'");
    try (KeyValueMetadata metadata = open()) {
      assertThatThrownBy(() -> scan(metadata, "app", "")).isInstanceOf(MetadataLostException.class);
      assertBegunAnewAndUsable(metadata);
    }
  }

  @Test
  void bytesOverwrittenWhileOpenLoseTheMetadataAndTheCallerCanCatchUp() throws Exception {
    try (KeyValueMetadata metadata = open()) {
      fillWithGarbage(4096);
      assertThatThrownBy(() -> scan(metadata, "app", "")).isInstanceOf(MetadataLostException.class);
      fill(metadata);
      assertThat(scan(metadata, "app", "")).hasSize(ENTRIES);
    }
  }

  @Test
  void aScanThatIsOvertakenByALossSaysSoInsteadOfEndingEarly() throws Exception {
    try (KeyValueMetadata metadata = open()) {
      int[] seen = {0};
      assertThatThrownBy(
              () ->
                  metadata.scan(
                      "app",
                      "",
                      entry -> {
                        if (seen[0]++ == 0) {
                          resetUnchecked(metadata);
                        }
                      }))
          .isInstanceOf(MetadataLostException.class);
      assertThat(seen[0]).isBetween(1, ENTRIES - 1);
    }
  }

  private static void resetUnchecked(KeyValueMetadata metadata) {
    try {
      metadata.reset();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDamagedFileCanBeReset() throws Exception {
    try (KeyValueMetadata metadata = open()) {
      fillWithGarbage(0);
      metadata.reset();
      assertBegunAnewAndUsable(metadata);
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

  /** Opens, reads and writes, allowing for one loss, and wants a working database afterwards. */
  private void assertHealsItself() throws IOException {
    try (KeyValueMetadata metadata = open()) {
      try {
        scan(metadata, "app", "");
        metadata.tagged("app", Set.of("tag 1"));
        metadata.tagCounts("app", 1);
        metadata.apply(List.of(put("app", entry("new", 1, "t"))), position(1));
      } catch (MetadataLostException e) {
        assertBegunAnewAndUsable(metadata);
      }
      assertThat(keys(metadata, "app", "new")).containsExactly("new");
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
