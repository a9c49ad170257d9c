package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.cli.CommandRunner.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code log} shows, and {@code restore --to} makes, of a store that keeps its history. */
class HistoryCommandsTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = "nadb:fs:" + cli.path("data") + "?history=24h";
  private final String backups = cli.path("backups").toString();

  @AfterEach
  void close() {
    cli.close();
  }

  private Outcome done(String... arguments) {
    Outcome outcome = cli.run(arguments);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return outcome;
  }

  @Test
  void theVersionsOfAKeyAreShownNewestFirst() {
    try (KeyValueStore open = cli.harness().registry().open(store)) {
      open.set("k", "first".getBytes(UTF_8));
      open.flush();
      cli.harness().time().advance(Duration.ofMinutes(1));
      open.set("k", "second".getBytes(UTF_8));
      open.flush();
      cli.harness().time().advance(Duration.ofMinutes(1));
      open.delete("k");
      open.flush();
    }

    assertThat(done("log", store, "k").out().lines())
        .hasSize(4)
        .anyMatch(line -> line.contains("first"));
    assertThat(done("log", store, "k", "--json").out().lines())
        .satisfiesExactly(
            deleted -> assertThat(deleted).contains("\"kind\":\"delete", "\"entry\":null"),
            second -> assertThat(second).contains("\"value\":\"second\""),
            first -> assertThat(first).contains("\"value\":\"first\""));
    assertThat(done("log", store, "k", "--json", "--limit", "1").out().lines()).hasSize(1);
    assertThat(cli.run("log", store, "other").exit()).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(cli.run("log", store, "k", "--limit", "0").exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(cli.run("log", "nadb:mem:x", "k").exit()).isEqualTo(ExitCode.UNSUPPORTED.code());
  }

  @Test
  void aBackupIsRestoredAsItWasAtAMoment() {
    Instant between;
    try (KeyValueStore open = cli.harness().registry().open(store)) {
      open.set("k", "first".getBytes(UTF_8));
      open.flush();
      cli.harness().time().advance(Duration.ofMinutes(1));
      between = cli.harness().time().now();
      cli.harness().time().advance(Duration.ofMinutes(1));
      open.set("k", "second".getBytes(UTF_8));
      open.flush();
    }
    done("backup", store, backups);
    String then = cli.path("then").toString();
    done("restore", backups, then, "--to", between.toString());

    assertThat(done("get", then, "k").out()).isEqualTo("first");
    done("restore", backups, cli.path("ago").toString(), "--to", "1m");
    assertThat(done("get", cli.path("ago").toString(), "k").out()).isEqualTo("first");
    Outcome early = cli.run("restore", backups, cli.path("early").toString(), "--to", "2000-01-01");
    assertThat(early.exit()).isEqualTo(ExitCode.FAILED.code());
    assertThat(cli.path("early")).doesNotExist();
  }
}
