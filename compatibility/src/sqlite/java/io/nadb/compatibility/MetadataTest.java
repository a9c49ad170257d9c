package io.nadb.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.NadbHarness;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code metadata.db} is made, followed, locked and damaged with another version of SQLite. */
class MetadataTest {
  private static final int MANY = 1500;

  @NadbStore(with = {"flush=5s", "sweep=off"})
  private KeyValueStore store;

  @BeforeEach
  void fill(VirtualTime time) {
    for (int i = 0; i < MANY; i++) {
      SetOptions options = i % 3 == 0 ? SetOptions.tags("all", "group " + i % 7) : ttl(i);
      store.set("key:" + i, ("value " + i).getBytes(UTF_8), options);
    }
    rest(time);
  }

  private static SetOptions ttl(int number) {
    return SetOptions.ttl(Duration.ofHours(1 + number));
  }

  private static void rest(VirtualTime time) {
    time.advance(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(2)); // The database waits until little is written.
  }

  private static Path file(NadbHarness harness) throws IOException {
    try (var files = Files.walk(harness.directory())) {
      return files.filter(file -> file.endsWith("metadata.db")).findFirst().orElseThrow();
    }
  }

  private static Connection connect(NadbHarness harness) throws IOException, SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file(harness));
  }

  private static List<String> query(NadbHarness harness, String sql)
      throws IOException, SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect(harness);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  private void assertIsShown(NadbHarness harness) throws IOException, SQLException {
    assertThat(store.stats().metadataFailure()).isEmpty();
    assertThat(store.stats().metadataLag()).isZero();
    assertThat(query(harness, "SELECT key FROM entry ORDER BY key")).isEqualTo(store.keys(""));
    assertThat(query(harness, "SELECT key FROM entry_tag WHERE tag = 'all' ORDER BY key"))
        .isEqualTo(store.queryByTags("all").stream().map(hit -> hit.key()).toList());
    assertThat(query(harness, "SELECT count(*) FROM entry WHERE expires_at IS NOT NULL"))
        .containsExactly(
            String.valueOf(
                store.keys("").stream()
                    .filter(key -> store.metadata(key).orElseThrow().expiresAt().isPresent())
                    .count()));
  }

  @Test
  void theVersionIsTheOneToBeTested() throws SQLException {
    assertThat(
            DriverManager.getDriver("jdbc:sqlite:")
                .getClass()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath())
        .endsWith("sqlite-jdbc-" + System.getProperty("expected.sqlite") + ".jar");
  }

  @Test
  void everythingIsShownAndFollowed(NadbHarness harness, VirtualTime time) throws Exception {
    assertIsShown(harness);
    for (int i = 0; i < MANY; i += 5) {
      store.delete("key:" + i);
      store.set("key:" + (i + 1), new byte[7], SetOptions.tags("all"));
      store.set("key:" + (i + 2), new byte[7]);
    }
    rest(time);
    assertIsShown(harness);
    harness.stop();
    assertThat(file(harness).resolveSibling("metadata.db-wal")).doesNotExist();
  }

  @Test
  void whileAnotherProcessHoldsALockTheStoreGoesOnAndCatchesUp(
      NadbHarness harness, VirtualTime time) throws Exception {
    try (Connection other = connect(harness);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      store.set("late", new byte[1]);
      rest(time);
      assertThat(store.stats().metadataFailure().orElseThrow()).contains("locked");
    }
    store.set("later", new byte[1]);
    rest(time);
    assertIsShown(harness);
  }

  @Test
  void aFileThatIsDamagedIsBegunAnew(NadbHarness harness, VirtualTime time) throws Exception {
    harness.stop();
    byte[] content = Files.readAllBytes(file(harness));
    for (int at = 0; at < content.length; at += 61) {
      content[at] ^= 1;
    }
    Files.write(file(harness), content);
    harness.reopen();
    store.set("late", new byte[1]);
    rest(time);
    assertIsShown(harness);
  }
}
