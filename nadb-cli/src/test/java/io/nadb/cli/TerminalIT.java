package io.nadb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.feed.ChangeFeed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command, its jar and its script, in a real terminal. */
class TerminalIT {
  private static final Path SCRIPT = Path.of(System.getProperty("nadb.cli.script"));

  private static final String ENDLESS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

  private static final int TRIES = 600;

  @TempDir private Path directory;

  /** The place in the feed of changes before all that the store has. */
  private String before = "";

  @BeforeEach
  void fill() {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open("nadb:fs:" + directory.resolve("data"))) {
      before = ChangeFeed.bookmark(store);
      for (int i = 0; i < 5; i++) {
        store.set(
            "user:" + i + "-" + "long".repeat(30),
            "Ada\u001b[31m".getBytes(UTF_8),
            SetOptions.tags("web", "admin"));
      }
      store.set("plain", "Grace".getBytes(UTF_8));
    }
  }

  /** Waits until a screen shows something; fails with what it shows in the end. */
  private static String await(Tmux tmux, Predicate<String> shown) throws Exception {
    String screen = tmux.screen();
    for (int i = 0; i < TRIES && !shown.test(screen); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      screen = tmux.screen();
    }
    if (!shown.test(screen)) {
      throw new AssertionError("it does not come; the screen shows\n" + screen);
    }
    return screen;
  }

  private Tmux terminal(int columns) throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("nadb"), SCRIPT);
    Tmux tmux = Tmux.open(directory, columns);
    tmux.type("export PATH=" + bin + ":$PATH; clear; echo r''eady").press("Enter");
    await(tmux, screen -> screen.contains("ready"));
    return tmux;
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 200})
  void aTableFitsTheTerminalAndItsHeadStandsOut(int columns) throws Exception {
    try (Tmux tmux = terminal(columns)) {
      tmux.type("clear; nadb ls ./data; echo exit $?").press("Enter");
      String screen = await(tmux, shown -> shown.contains("exit 0"));

      assertThat(screen.lines().filter(line -> line.startsWith("user:")))
          .as("a line to each, none broken")
          .hasSize(5)
          .allMatch(line -> line.contains("web") || line.contains("…"))
          .allMatch(line -> line.length() <= columns);
      assertThat(screen).containsPattern("KEY +SIZE +UPDATED +EXPIRES +TAGS");
      assertThat(screen.contains("…")).as("cut").isEqualTo(columns == 80);
      assertThat(tmux.colours()).containsPattern("\u001b\\[[0-9;]*2m *KEY");
    }
  }

  @Test
  void aPipeGetsNoColoursAndNothingCut() throws Exception {
    try (Tmux tmux = terminal(80)) {
      tmux.type("nadb ls ./data | cat -v > out; nadb get ./data plain > value; echo exit $?")
          .press("Enter");
      await(tmux, screen -> screen.contains("exit 0"));

      assertThat(directory.resolve("value")).hasContent("Grace");
      assertThat(Files.readString(directory.resolve("out")))
          .doesNotContain("^[", "M-")
          .contains("user:4-" + "long".repeat(30));
    }
  }

  @Test
  void aValueDoesNothingToTheTerminal() throws Exception {
    try (Tmux tmux = terminal(80)) {
      tmux.type("clear; nadb get ./data user:0-" + "long".repeat(30) + "; nadb get ./data plain")
          .press("Enter");
      String screen = await(tmux, shown -> shown.contains("Grace"));

      assertThat(screen).contains("41 64 61 1b 5b 33 31 6d", "Ada.[31m");
      assertThat(tmux.colours()).doesNotContain("\u001b[31m");
    }
  }

  @Test
  void aLongVerifyShowsHowFarItIsAndTakesItAwayAtItsEnd() throws Exception {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store =
            registry.open("nadb:fs:" + directory.resolve("large") + "?segment=1mb")) {
      byte[] value = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        value[i] = 1;
        store.set("k" + i, value);
      }
    }
    try (Tmux tmux = terminal(80)) {
      tmux.type(
              "script -qc 'nadb backup ./large ./backups' log; clear; nadb verify ./backups; echo exit $?")
          .press("Enter");
      String screen = await(tmux, shown -> Pattern.compile("exit \\d").matcher(shown).find());

      assertThat(screen).contains("sound: ", "exit 0").doesNotContain("█");
      assertThat(Files.readString(directory.resolve("log")))
          .containsPattern("backup [█░]{20} +\\d+%  .* of 300 MB, .*/s");
    }
  }

  @Test
  void theShellHasHistoryAndCompletesCommandsKeysAndOptions() throws Exception {
    try (Tmux tmux = terminal(80)) {
      tmux.type("clear; nadb shell ./data").press("Enter");
      await(
          tmux,
          screen -> screen.contains("'help' lists the commands") && screen.contains("-main>"));

      tmux.type("ge").press("Tab").type("pl").press("Tab").press("Enter");
      await(tmux, screen -> screen.contains("> get plain") && isAsked(screen, "\nGrace"));
      tmux.type("set secret nadb:redis://app:hunter2@db").press("Enter");
      tmux.type("tags --js").press("Tab").press("Enter");
      await(tmux, screen -> isAsked(screen, "{\"admin\":5,\"web\":5}"));
      tmux.type("exit").press("Enter");
      await(tmux, screen -> screen.stripTrailing().endsWith("$"));

      tmux.type("clear; echo g''one").press("Enter");
      await(tmux, screen -> screen.startsWith("gone"));
      tmux.type("nadb shell ./data").press("Enter");
      await(
          tmux,
          screen -> screen.contains("'help' lists the commands") && screen.contains("-main>"));
      tmux.press("Up").press("Up").press("Enter");
      await(tmux, screen -> isAsked(screen, "{\"admin\":5,\"web\":5}"));
      tmux.press("C-d");
      await(tmux, screen -> screen.stripTrailing().endsWith("$"));

      assertThat(Files.readString(directory.resolve("state/nadb/history")))
          .contains("get plain", "tags --json")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void ctrlCEndsTheCommandThatRunsAndTheShellGoesOn() throws Exception {
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore other =
            registry.open("nadb:fs:" + directory.resolve("other") + "?name=shop");
        Tmux tmux = terminal(80)) {
      other.set("k", "v".getBytes(UTF_8));
      tmux.type("clear; nadb shell ./data; echo exit $?").press("Enter");
      await(tmux, screen -> isAsked(screen, "'help' lists the commands"));

      tmux.type("watch --since " + before).press("Enter");
      await(tmux, screen -> screen.contains("set      plain"));
      tmux.press("C-c");
      await(tmux, screen -> isAsked(screen, "To go on from here: --since "));

      tmux.type("sql --fresh '" + ENDLESS + "'").press("Enter");
      await(tmux, screen -> screen.contains("nadb: as the store is now"));
      tmux.press("C-c");
      await(tmux, screen -> isAsked(screen, "\nnadb: stopped by Ctrl-C"));

      tmux.type("top " + ProcessHandle.current().pid()).press("Enter");
      await(tmux, screen -> screen.contains("shop"));
      tmux.press("C-c");
      await(tmux, screen -> isAsked(screen, "shop"));
      tmux.type("get plain").press("Enter"); // No key of it goes where the last command has read.
      await(tmux, screen -> isAsked(screen, "-main> get plain\nGrace"));

      tmux.type("del pl").press("C-c");
      await(tmux, screen -> isAsked(screen, "> del pl"));
      tmux.type("set more 1").press("Enter");
      tmux.type("verify").press("Enter");
      await(tmux, screen -> isAsked(screen, "\nsound: "));
      tmux.type("exit").press("Enter");
      await(tmux, screen -> screen.contains("exit 0"));
    }
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open("nadb:fs:" + directory.resolve("data"))) {
      assertThat(store.get("plain")).hasValue("Grace".getBytes(UTF_8));
      assertThat(store.get("more")).hasValue("1".getBytes(UTF_8));
    }
  }

  /** SQLite's library is loaded by then, which asks {@code uname} and minds no interruption. */
  @Test
  void ctrlCWhileSqliteIsLoadedIsNotLost() throws Exception {
    try (Tmux tmux = terminal(80)) {
      Path uname = directory.resolve("bin/uname");
      Files.writeString(
          uname,
          "#!/bin/sh\ntrap '' INT\n: >"
              + directory.resolve("loading")
              + "\nsleep 2\nexec /bin/uname \"$@\"\n");
      Files.setPosixFilePermissions(uname, PosixFilePermissions.fromString("rwxr-xr-x"));
      tmux.type("clear; nadb shell './data?metadata=none'; echo exit $?").press("Enter");
      await(tmux, screen -> isAsked(screen, "'help' lists the commands"));

      tmux.type("sql --fresh '" + ENDLESS + "'").press("Enter");
      await(tmux, screen -> Files.exists(directory.resolve("loading")));
      tmux.press("C-c");
      await(tmux, screen -> isAsked(screen, "\nnadb: stopped by Ctrl-C"));
      tmux.type("sql \"SELECT text(namespace, key) FROM entry WHERE key = 'plain'\"")
          .press("Enter");
      await(tmux, screen -> isAsked(screen, "\nGrace"));
      tmux.type("exit").press("Enter");
      await(tmux, screen -> screen.contains("exit 0"));
    }
  }

  /** It waits for somebody who opens the other end of a pipe, and nothing can end that. */
  @Test
  void theThirdCtrlCEndsTheShellWithACommandThatDoesNotEnd() throws Exception {
    try (Tmux tmux = terminal(80)) {
      tmux.type("clear; mkfifo pipe; nadb shell ./data; echo exit $?").press("Enter");
      await(tmux, screen -> isAsked(screen, "'help' lists the commands"));
      tmux.type("set k --file pipe").press("Enter");
      await(tmux, screen -> screen.contains("--file pipe\n"));

      String screen = tmux.press("C-c").screen();
      for (int i = 0; i < 100 && !screen.contains("once more ends the shell"); i++) {
        screen = tmux.press("C-c").screen();
      }
      tmux.press("C-c");
      await(tmux, shown -> shown.contains("exit 130"));
    }
    try (StoreRegistry registry = StoreRegistry.create();
        KeyValueStore store = registry.open("nadb:fs:" + directory.resolve("data"))) {
      assertThat(store.get("plain")).hasValue("Grace".getBytes(UTF_8));
    }
  }

  /** Whether something is there, and the shell takes the next keys: earlier ones may get lost. */
  private static boolean isAsked(String screen, String shown) {
    return screen.contains(shown) && screen.stripTrailing().endsWith("-main>");
  }
}
