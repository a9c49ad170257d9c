package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.cli.CommandRunner.Outcome;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code nadb sql}: over the metadata database, and over stores that have none. */
class SqlCommandTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = cli.path("data").toString();

  @AfterEach
  void close() {
    cli.close();
  }

  private Outcome done(String... arguments) {
    Outcome outcome = cli.run(arguments);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  /** Enough entries for a store to begin a database. */
  private void fill(int from, int to) {
    try (KeyValueStore open = cli.harness().registry().open("nadb:fs:" + store)) {
      for (int i = from; i < to; i++) {
        open.set(
            "k%05d".formatted(i),
            ("v" + i).getBytes(UTF_8),
            SetOptions.tags(i % 2 == 0 ? "even" : "odd"));
      }
      open.flush();
      cli.harness().time().advance(Duration.ofSeconds(30));
    }
  }

  @Test
  void aSmallStoreIsListedForTheQuery() {
    done("set", store, "a", "Ada", "--tag", "red");
    done("set", store, "b", "Grace", "--ttl", "5m");
    Outcome outcome =
        done("sql", store, "SELECT key, text(namespace, key) AS t, tags FROM entry ORDER BY key");

    assertThat(outcome.out())
        .isEqualTo("key  t      tags\na    Ada    [\"red\"]\nb    Grace  []\n");
    assertThat(outcome.err()).contains("as the store is now");
    assertThat(done("sql", store, "SELECT key FROM entry_tag WHERE tag = 'red'", "--raw").out())
        .isEqualTo("a\n");
    assertThat(done("sql", store, "SELECT expires_at FROM entry WHERE key = 'b'", "--raw").out())
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}\n");
  }

  @Test
  void theDatabaseAnswersJoinedWithValuesAndSaysHowCurrentItIs() throws Exception {
    fill(0, 2000);
    assertThat(Files.exists(cli.path("data").resolve("main/metadata.db"))).isTrue();

    Outcome outcome =
        done(
            "sql",
            store,
            "SELECT count(*), sum(length(value(namespace, key))) FROM entry_tag WHERE tag = 'odd'",
            "--raw");
    assertThat(outcome.out()).isEqualTo("1000\t4445\n");
    assertThat(outcome.err()).contains("metadata.db is up to date");
  }

  @Test
  void aDatabaseThatLagsSaysByHowMuchAndFreshDoesNot() throws Exception {
    fill(0, 2000);
    try (KeyValueStore open =
        cli.harness().registry().open("nadb:fs:" + store + "?metadata=none")) {
      open.set("new", "v".getBytes(UTF_8));
      open.delete("k00000");
    }

    Outcome late = done("sql", store, "SELECT count(*) FROM entry", "--raw");
    assertThat(late.out()).isEqualTo("2000\n");
    assertThat(late.err()).contains("2 writes behind");
    Outcome fresh =
        done("sql", store, "SELECT count(*) FROM entry WHERE key >= 'k00001'", "--raw", "--fresh");
    assertThat(fresh.out()).isEqualTo("2000\n");
    assertThat(
            done(
                    "sql",
                    store,
                    "SELECT text(namespace, key) FROM entry WHERE key = 'k00000'",
                    "--json")
                .out())
        .as("of an entry that is no more")
        .contains(":null}");
  }

  @Test
  void everyKindOfStoreIsAsked() {
    try (KeyValueStore open = cli.harness().registry().open("nadb:mem:x")) {
      open.set("k", "v".getBytes(UTF_8));

      assertThat(done("sql", "nadb:mem:x", "SELECT key, size FROM entry", "--raw").out())
          .isEqualTo("k\t1\n");
    }
  }

  @Test
  void bytesComeOutAsTheyAre() {
    cli.given(new byte[] {0, -1, 10, 9});
    done("set", store, "k");

    assertThat(done("sql", store, "SELECT value(namespace, key) FROM entry", "--raw").bytes())
        .isEqualTo(new byte[] {0, -1, 10, 9});
    assertThat(done("sql", store, "SELECT value('default', 'k') v", "--json").out())
        .isEqualTo("{\"v\":\"AP8KCQ==\"}\n");
  }

  @Test
  void nothingCanBeWritten() throws Exception {
    fill(0, 2000);
    for (String statement :
        new String[] {
          "DELETE FROM entries RETURNING key",
          "DELETE FROM entry RETURNING key",
          "DELETE FROM entries",
          "UPDATE entries SET size = 0",
          "CREATE TABLE t(x)",
          "ATTACH DATABASE '" + cli.path("other.db") + "' AS other",
          "nonsense"
        }) {
      for (String[] arguments :
          new String[][] {{"sql", store, statement}, {"sql", store, statement, "--fresh"}}) {
        Outcome outcome = cli.run(arguments);
        assertThat(outcome.exit()).as(statement).isEqualTo(ExitCode.USAGE.code());
        assertThat(outcome.err()).contains("SQLite: ");
      }
    }
    assertThat(cli.path("other.db")).doesNotExist();
    assertThat(done("sql", store, "SELECT count(*) FROM entry", "--raw").out()).isEqualTo("2000\n");
  }
}
