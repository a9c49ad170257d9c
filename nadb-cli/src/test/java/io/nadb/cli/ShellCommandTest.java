package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.cli.CommandRunner.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code nadb shell}, with commands that are piped in, and what it completes. */
class ShellCommandTest {
  private final CommandRunner cli = new CommandRunner();
  private final String store = cli.path("data").toString();

  @AfterEach
  void close() {
    cli.close();
  }

  private Outcome shell(String... lines) {
    cli.given((String.join("\n", lines) + "\n").getBytes(UTF_8));
    return cli.run("shell", store);
  }

  @Test
  void commandsNeedNoStoreThere() {
    Outcome outcome =
        shell(
            "set user:1 \"Ada L\" --tag web",
            "# a remark",
            "",
            "get user:1",
            "ls --raw",
            "tags --raw");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEqualTo("Ada L\nuser:1\nweb\n");
    assertThat(cli.run("get", store, "user:1").out()).isEqualTo("Ada L");
  }

  @Test
  void namespacesChangeByUse() {
    Outcome outcome =
        shell("set k here", "use other", "set k there", "get k", "use default", "get k");

    assertThat(outcome.out()).isEqualTo("there\nhere\n");
    assertThat(cli.run("get", store, "k", "-n", "other").out()).isEqualTo("there");
  }

  @Test
  void theFirstFailureIsWhatItExitsWithAndTheRestIsDone() {
    Outcome outcome =
        shell("get nothing", "nonsense", "set k v", "get \"k", "get k", "exit", "del k");

    assertThat(outcome.exit()).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(outcome.out()).isEqualTo("v\n");
    assertThat(outcome.err())
        .contains("there is no key nothing", "nonsense", "a quote is not closed");
    assertThat(cli.run("get", store, "k").exit()).isZero();
  }

  @Test
  void whatIsOpenElsewhereIsReadAndEachCommandSeesTheLastFlush() {
    try (StoreRegistry other = StoreRegistry.create(cli.harness().time());
        KeyValueStore open = other.open("nadb:fs:" + store)) {
      open.set("k", "v".getBytes(UTF_8));
      open.flush();
      Outcome outcome = shell("get k", "set k w", "get k");

      assertThat(outcome.exit()).isEqualTo(ExitCode.UNSUPPORTED.code());
      assertThat(outcome.out()).isEqualTo("v\nv\n");
      assertThat(outcome.err()).contains("opened for reading", "pid ");
    }
  }

  @Test
  void allOtherCommandsWorkThereToo() {
    Outcome outcome =
        shell(
            "set k v",
            "stat --json",
            "sql \"SELECT text(namespace, key) FROM entry\" --raw",
            "query --count",
            "backup " + cli.path("backups"),
            "verify",
            "help",
            "get --help");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("\"entries\":1", "v\n1\n", "sound: ", "Commands:", "Usage: nadb get");
    assertThat(shell("shell").exit()).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void commandsOptionsKeysAndTagsAreCompleted() {
    shell(
        "set user:1 a --tag web", "set user:2 b --tag admin", "set other c", "set \"odd\u0001\" d");
    try (KeyValueStore open = cli.harness().registry().open("nadb:fs:" + store)) {
      ShellCompleter completer = new ShellCompleter(cli.environment(), open, () -> "default");

      assertThat(completer.candidates(List.of(), ""))
          .contains("get", "sql", "exit")
          .doesNotContain("shell");
      assertThat(completer.candidates(List.of("get"), "us")).containsExactly("user:1", "user:2");
      assertThat(completer.candidates(List.of("del", "user:1"), "user:2"))
          .containsExactly("user:2");
      assertThat(completer.candidates(List.of("get", "user:1"), "")).isEmpty();
      assertThat(completer.candidates(List.of("get"), "odd")).isEmpty();
      assertThat(completer.candidates(List.of("query", "-t"), "")).containsExactly("admin", "web");
      assertThat(completer.candidates(List.of("query", "--prefix"), "o")).contains("other");
      assertThat(completer.candidates(List.of("query"), "--"))
          .contains("--updated-since", "--json");
      assertThat(completer.candidates(List.of("nonsense"), "--")).isEmpty();
    }
  }

  @Test
  void aLineWithAPasswordIsNotRemembered() {
    assertThat(LineEditor.DiscreetHistory.isDelicate("copy nadb:redis://app:hunter2@db1")).isTrue();
    assertThat(LineEditor.DiscreetHistory.isDelicate("ls -o Password=x")).isTrue();
    assertThat(LineEditor.DiscreetHistory.isDelicate("get user:1")).isFalse();
    assertThat(LineEditor.DiscreetHistory.isDelicate("set mail ada@example.com")).isFalse();
  }
}
