package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.CorruptStoreException;
import io.nadb.KeyValueStore;
import io.nadb.NadbException;
import io.nadb.SetOptions;
import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import io.nadb.cli.CommandRunner.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C in the shell ends a command, and harms neither the store nor the next one. */
@Timeout(120)
class CtrlCTest {
  private static final int KEYS = 40;
  private static final String ENDLESS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

  private final CommandRunner cli = new CommandRunner();
  private final String store = cli.path("data").toString();
  private KeyValueStore open;
  private Backup backup;

  @BeforeEach
  void fill() {
    open = cli.harness().registry().open("nadb:fs:" + store + "?segment=1mb&flush=off");
    for (int i = 0; i < KEYS; i++) {
      open.set("key" + i, (i + "x").repeat(40_000).getBytes(UTF_8), SetOptions.tags("web"));
    }
    open.set("key0", "short".getBytes(UTF_8));
    open.flush();
    backup = Backups.at(cli.path("backups")).create(open);
    cli.inShell(open);
  }

  @AfterEach
  void close() {
    Thread.interrupted();
    open.close();
    cli.close();
  }

  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      words.add(
          word.replace("DATA", store)
              .replace("BACKUPS", cli.path("backups").toString())
              .replace("NEW", cli.path("new").toString())
              .replace("ENDLESS", ENDLESS)
              .replace("LISTED", "SELECT key, text(namespace, key) FROM entry"));
    }
    return words;
  }

  private Outcome run(String line) {
    return cli.run(words(line).toArray(new String[0]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls DATA",
        "ls DATA --raw",
        "query DATA --tag web --values",
        "sql DATA ENDLESS",
        "sql DATA LISTED --fresh",
        "sql DATA ENDLESS --fresh",
        "verify DATA",
        "verify BACKUPS",
        "backup DATA BACKUPS --full",
        "backup DATA NEW",
        "restore BACKUPS NEW",
        "copy DATA NEW",
        "compact DATA",
        "repair DATA --to NEW",
        "autopsy DATA"
      })
  void aCommandThatMayTakeLongEndsAndLeavesNothingHalfDone(String line) {
    Thread.currentThread().interrupt();
    Outcome stopped = run(line);

    assertThat(Thread.interrupted()).as("still, until the shell has seen it").isTrue();
    assertThat(stopped.err()).startsWith("nadb: ").contains("stopped by Ctrl-C");
    assertThat(stopped.exit()).isEqualTo(ExitCode.STOPPED.code());
    assertThat(cli.path("")).isDirectoryNotContaining("glob:**.partial");
    assertThat(cli.path("backups")).isDirectoryNotContaining("glob:**.partial");
    assertThat(Backups.at(cli.path("backups")).list())
        .extracting(Backup::directory)
        .containsExactly(backup.directory());
    backup.verify();

    assertThat(run("get DATA key0").out()).isEqualTo("short\n");
    assertThat(run("set DATA more 1").exit()).isZero();
    assertThat(run("verify DATA").exit()).isZero();
    assertThat(open.size()).isEqualTo(KEYS + 1);
    if (!line.contains("ENDLESS")) {
      Outcome again = run(line);
      assertThat(again.exit()).as(again.err()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query DATA --min-size 1mb --count",
        "query DATA --min-size 1mb",
        "query DATA --tag small --min-size 1mb --limit 1",
        "explain DATA --tag small --min-size 1mb"
      })
  void aSearchThatReadsMuchAndFindsNothingEnds(String line) {
    for (int i = 0; i < 70_000; i++) {
      open.set("small" + i, "v".getBytes(UTF_8), SetOptions.tags("small"));
    }
    open.flush();
    Thread.currentThread().interrupt();
    Outcome stopped = run(line);

    assertThat(stopped.exit()).as(stopped.err()).isEqualTo(ExitCode.STOPPED.code());
    assertThat(stopped.err())
        .startsWith("nadb: stopped by Ctrl-C: the query was interrupted, after it had read ");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(run(line).exit()).isZero();
  }

  @Test
  void whoHasWatchedEnoughIsToldHowToGoOn() {
    Thread.currentThread().interrupt();
    Outcome outcome = run("watch DATA");

    assertThat(outcome.exit()).isZero();
    assertThat(outcome.err()).contains("To go on from here: --since ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get DATA key0", "set DATA k v", "stat DATA", "tags DATA", "del DATA key1"})
  void whatIsDoneAtOnceIsDone(String line) {
    Thread.currentThread().interrupt();
    Outcome outcome = run(line);

    assertThat(outcome.exit()).as(outcome.err()).isZero();
  }

  @Test
  void theThreadOfTheCommandIsInterruptedAndNotTheOneAfter() {
    List<String> exits = new ArrayList<>();
    CtrlC ctrlC = new CtrlC(cli.environment(), () -> exits.add("ended"));

    ctrlC.press();
    assertThat(Thread.currentThread().isInterrupted()).as("no command is running").isFalse();
    boolean pressed =
        ctrlC.during(
            () -> {
              ctrlC.press();
              return CtrlC.isPressed();
            });

    assertThat(pressed).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    boolean next = ctrlC.during(CtrlC::isPressed);
    assertThat(next).isFalse();
    assertThat(exits).isEmpty();
  }

  @Test
  void aCommandThatDoesNotEndIsEndedWithTheShellByTheThird() {
    List<String> exits = new ArrayList<>();
    CtrlC ctrlC = new CtrlC(cli.environment(), () -> exits.add("ended"));

    for (int command = 0; command < 2; command++) {
      ctrlC.during(
          () -> {
            ctrlC.press();
            ctrlC.press();
            return true;
          });
    }
    assertThat(exits).as("twice for each of two commands").isEmpty();
    ctrlC.during(
        () -> {
          ctrlC.press();
          ctrlC.press();
          ctrlC.press();
          return true;
        });
    assertThat(exits).containsExactly("ended");
  }

  @Test
  void damageIsToldWhateverIsPressed() {
    Thread.currentThread().interrupt();

    assertThat(Failures.exit(new CorruptStoreException(cli.path("x"), "it is damaged")))
        .isEqualTo(ExitCode.CORRUPT);
    assertThat(Failures.exit(new NadbException("the wait was interrupted")))
        .isEqualTo(ExitCode.STOPPED);
  }
}
