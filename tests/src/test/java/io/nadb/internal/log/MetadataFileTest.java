package io.nadb.internal.log;

import static io.nadb.testing.Bytes.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.internal.log.format.LogFiles;
import io.nadb.internal.log.segment.WitnessFile;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code metadata.db} shows people what the store holds, and no answer of the store needs it. */
@Tag("proof")
class MetadataFileTest {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private static final int MANY = 1500;

  @TempDir Path folder;
  private final VirtualTime time = new VirtualTime();
  private final StoreRegistry registry = StoreRegistry.create(time);

  @AfterEach
  void close() {
    registry.close();
  }

  private KeyValueStore open() {
    return open("");
  }

  private KeyValueStore open(String more) {
    return registry.open(
        "nadb:fs:" + folder.resolve("data") + "?flush=5s&sweep=off&segment=64kb" + more);
  }

  private Path file() {
    return folder.resolve("data/main/metadata.db");
  }

  /** A third each with nothing, with tags, with tags and TTL. */
  private static void fill(KeyValueStore store) {
    for (int i = 0; i < MANY; i++) {
      SetOptions options =
          i % 3 == 0 ? SetOptions.none() : SetOptions.tags("all", "group " + i % 7);
      store.set(key(i), utf8("value " + i), i % 3 == 2 ? options.withTtl(ttl(i)) : options);
    }
  }

  private static String key(int number) {
    return "key:" + number;
  }

  private static Duration ttl(int number) {
    return Duration.ofHours(1 + number % 5);
  }

  /** Lets the store flush, and do all that it does when idle. */
  private void rest() {
    time.advance(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(2));
  }

  /** All that the views show: key, size, created, updated, expiry, tags. */
  private List<String> shown() throws SQLException {
    return query(
        "SELECT key || '|' || size || '|' || created || '|' || updated || '|'"
            + " || coalesce(expires_at, 'never') || '|' || (SELECT coalesce(group_concat(tag,"
            + " ','), '') FROM (SELECT tag FROM entry_tag t WHERE t.namespace = e.namespace AND"
            + " t.key = e.key ORDER BY tag)) || '|' || tags FROM entry e ORDER BY key");
  }

  private List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  /** What the views should show. */
  private static List<String> held(KeyValueStore store) {
    return store.keys("").stream()
        .map(store::metadata)
        .flatMap(Optional::stream)
        .map(MetadataFileTest::row)
        .toList();
  }

  private static String row(EntryMetadata entry) {
    List<String> tags = entry.tags().stream().sorted().toList();
    return String.join(
        "|",
        entry.key(),
        String.valueOf(entry.size()),
        utc(entry.created()),
        utc(entry.updated()),
        entry.expiresAt().map(MetadataFileTest::utc).orElse("never"),
        String.join(",", tags),
        tags.isEmpty() ? "[]" : "[\"" + String.join("\",\"", tags) + "\"]");
  }

  private static String utc(Instant instant) {
    return UTC.format(instant);
  }

  @Test
  void aDatabaseOfAStoreThatHasGoneAnotherWayIsBegunAnew() throws Exception {
    try (KeyValueStore store = open()) {
      fill(store);
      rest();
    }
    Path other = Files.createDirectories(folder.resolve("other/main/log"));
    for (LogFiles.Found found : LogFiles.segments(folder.resolve("data/main/log"))) {
      Files.copy(found.file(), other.resolve(found.file().getFileName()));
    }
    Path log = folder.resolve("data/main/log");
    Files.copy(WitnessFile.of(log), WitnessFile.of(other));
    Files.copy(file(), other.resolveSibling("metadata.db"));
    Instant before = time.now();
    try (KeyValueStore store = registry.open("nadb:fs:" + folder.resolve("other"))) {
      store.set(key(0), utf8("there"), SetOptions.tags("there"));
      rest();
    }
    assertThat(time.now()).isEqualTo(before.plusSeconds(7));
    try (KeyValueStore store = open()) {
      store.set(key(1), utf8("here"), SetOptions.tags("here"));
      rest();
    }
    Files.copy(other.resolveSibling("metadata.db"), file(), StandardCopyOption.REPLACE_EXISTING);
    try (KeyValueStore store = open()) {
      store.set(key(2), utf8("later"));
      rest();
      assertThat(shown()).isEqualTo(held(store));
    }
  }

  /** Everything that a store answers. */
  private record Answers(
      List<String> keys,
      List<Optional<EntryMetadata>> metadata,
      List<String> values,
      List<EntryMetadata> tagged,
      List<EntryMetadata> both,
      Map<String, Long> tags) {

    static Answers of(KeyValueStore store) {
      List<Optional<EntryMetadata>> metadata = new ArrayList<>();
      List<String> values = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        metadata.add(store.metadata(key(i)));
        values.add(store.get(key(i)).map(bytes -> new String(bytes, UTF_8)).orElse("none"));
      }
      return new Answers(
          store.keys(""),
          metadata,
          values,
          store.queryByTags("all"),
          store.queryByTags("all", "group 3"),
          store.tags());
    }
  }

  @Test
  void afterAnIdleMomentTheViewsShowEveryFlushedEntryWithItsTagsAndTimes() throws Exception {
    try (KeyValueStore store = open()) {
      fill(store);
      assertThat(file()).doesNotExist();
      rest();
      assertThat(store.stats().metadataLag()).isZero();
      assertThat(shown()).hasSize(MANY).isEqualTo(held(store));
      assertThat(query("SELECT DISTINCT namespace FROM entry")).containsExactly("default");
    }
  }

  @Test
  void deletesOverwritesAndSweepsAreFollowed() throws Exception {
    try (KeyValueStore store = open()) {
      fill(store);
      rest();
      for (int i = 0; i < MANY; i += 5) {
        store.delete(key(i));
        store.set(key(i + 1), utf8("other"), SetOptions.tags("changed"));
        store.set(key(i + 2), utf8("plain"));
        store.touch(key(i + 3), Duration.ofHours(7));
      }
      rest();
      assertThat(store.stats().metadataLag()).isZero();
      assertThat(shown()).isEqualTo(held(store));

      time.advance(Duration.ofHours(6));
      assertThat(store.cleanupExpired()).isPositive();
      rest();
      assertThat(shown()).isEqualTo(held(store)).hasSizeLessThan(MANY);
    }
  }

  @Test
  void compactionIsFollowed() throws Exception {
    try (KeyValueStore store = open()) {
      fill(store);
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 200; i++) {
          store.set(key(i), utf8("round " + round), SetOptions.tags("round " + round % 3));
          store.touch(key(400 + i), Duration.ofHours(20 + round));
        }
        store.delete(key(200 + round));
        rest();
        assertThat(shown()).isEqualTo(held(store));
      }
      assertThat(store.stats().compactions()).isPositive();
      assertThat(store.stats().metadataLag()).isZero();
    }
  }

  @Test
  void afterClosingAllIsThere() throws Exception {
    List<String> held;
    try (KeyValueStore store = open()) {
      fill(store);
      rest();
      store.set("late", utf8("value"), SetOptions.tags("last"));
      store.delete(key(7));
      held = held(store);
    }
    assertThat(shown()).isEqualTo(held);
    assertThat(folder.resolve("data/main")).isDirectoryNotContaining("glob:**metadata.db-*");
  }

  @Test
  void aStoreWithoutMetadataMakesNoFileAndIsNeverBehind() {
    try (KeyValueStore store = open("&metadata=none")) {
      fill(store);
      rest();
      assertThat(store.stats().metadataLag()).isZero();
      assertThat(store.queryByTags("all", "group 3")).isNotEmpty();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void withoutItsFileAStoreAnswersTheSameAndMakesItAgain() throws Exception {
    Answers before = filledAndClosed();
    List<String> shown = shown();
    Files.delete(file());
    try (KeyValueStore store = open()) {
      assertThat(Answers.of(store)).isEqualTo(before);
      rest();
      assertThat(store.stats().metadataLag()).isZero();
      assertThat(shown()).isEqualTo(shown);
    }
  }

  @Test
  void aDamagedFileChangesNoAnswerWhereverTheDamageIs() throws Exception {
    Answers before = filledAndClosed();
    byte[] sound = Files.readAllBytes(file());
    byte[] damaged = sound.clone();
    for (int at = 0; at < sound.length; at += 61) {
      damaged[at] ^= (byte) (1 << at % 8);
    }
    for (int soundPages : new int[] {0, 1, 2, 3, 8, 20}) {
      byte[] content = damaged.clone();
      System.arraycopy(sound, 0, content, 0, soundPages * 4096);
      Files.write(file(), content);
      try (KeyValueStore store = open()) {
        assertThat(Answers.of(store)).as("%s sound pages", soundPages).isEqualTo(before);
        store.set(key(1), utf8("value 1"), SetOptions.tags("all", "group 1"));
        rest();
        assertThat(store.keys("")).isEqualTo(before.keys());
        before = Answers.of(store);
      }
    }
  }

  private Answers filledAndClosed() {
    try (KeyValueStore store = open()) {
      fill(store);
      rest();
      return Answers.of(store);
    }
  }

  @Test
  void whileAnotherProcessHoldsALockTheStoreGoesOnAndCatchesUpAfterwards() throws Exception {
    try (KeyValueStore store = open()) {
      fill(store);
      rest();
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        store.set("late", utf8("value"));
        rest();
        assertThat(store.stats().metadataLag()).isPositive();
        assertThat(store.get("late")).hasValue(utf8("value"));
      }
      store.set("later", utf8("value"));
      rest();
      assertThat(store.stats().metadataLag()).isZero();
      assertThat(shown()).isEqualTo(held(store));
    }
  }

  @Test
  void aFileThatIsDamagedMeanwhileIsBegunAnewByALaterFlush() throws Exception {
    try (KeyValueStore store = open()) {
      fill(store);
      rest();
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement statement = other.createStatement()) {
        statement.execute("DROP TABLE entry_tags");
      }
      for (int i = 0; i < 3; i++) {
        store.set("late " + i, utf8("value"), SetOptions.tags("late"));
        rest();
      }
      assertThat(store.stats().metadataLag()).isZero();
      assertThat(shown()).isEqualTo(held(store)).hasSize(MANY + 3);
    }
  }

  @Test
  void theFileOfAnotherStoreIsReplaced() throws IOException, SQLException {
    Answers before = filledAndClosed();
    List<String> shown = shown();
    try (KeyValueStore other = registry.open("nadb:fs:" + folder.resolve("other"))) {
      fill(other);
      other.delete(key(1));
      rest();
    }
    Files.copy(
        folder.resolve("other/main/metadata.db"), file(), StandardCopyOption.REPLACE_EXISTING);
    try (KeyValueStore store = open()) {
      assertThat(Answers.of(store)).isEqualTo(before);
      rest();
    }
    assertThat(shown()).isEqualTo(shown);
  }
}
