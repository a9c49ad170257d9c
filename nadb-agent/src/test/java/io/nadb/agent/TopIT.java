package io.nadb.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nadb top} in a terminal, which {@code script} provides. */
class TopIT {
  private static final String CTRL_C = "\u0003";

  /** A shell's background jobs ignore it, and so does all that they start: this test, for one. */
  private static final String HEEDING_CTRL_C = "env --default-signal=INT ";

  private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9?;]*[A-Za-z]");
  private static final String OPEN =
      "open a nadb:fs:data?name=shop&flush=200ms&buffer=64kb&metadata=none";

  @TempDir private Path directory;

  /** A terminal in which a command runs. */
  private static final class Terminal implements AutoCloseable {
    private final Process process;
    private final Reader screen;
    private final BufferedWriter keys;

    /** Runs it between two that tell how the terminal is set. */
    private Terminal(String columns, String command, WatchedJvm jvm) throws IOException {
      this(columns, "", command, jvm);
    }

    /** Runs it with some variables of its own. */
    private Terminal(String columns, String variables, String command, WatchedJvm jvm)
        throws IOException {
      String java = variables + System.getProperty("java.home") + "/bin/java";
      String nadb = java + " -jar " + WatchedJvm.agentJar() + " " + command + " " + jvm.pid();
      String all =
          "trap : INT; stty rows 24 cols "
              + columns
              + "; echo \"before $(stty -g)\"; "
              + HEEDING_CTRL_C
              + nadb
              + "; echo \"exit $?\"; echo \"after $(stty -g)\"; echo end";
      this.process =
          new ProcessBuilder(List.of("script", "-q", "-e", "-c", all, "/dev/null")).start();
      this.screen = process.inputReader(StandardCharsets.UTF_8);
      this.keys = process.outputWriter(StandardCharsets.UTF_8);
    }

    private void press(String text) throws IOException {
      keys.write(text);
      keys.flush();
    }

    /** Waits for a text on the screen; returns all that has come until then, without colours. */
    private String await(String text) throws IOException {
      StringBuilder seen = new StringBuilder();
      while (!plain(seen).contains(text)) {
        int next = screen.read();
        if (next < 0) {
          throw new AssertionError("no \"" + text + "\" in\n" + seen);
        }
        seen.append((char) next);
      }
      return plain(seen);
    }

    private static String plain(CharSequence seen) {
      return CONTROL.matcher(seen).replaceAll("");
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static String setting(String screen, String when) {
    return screen.lines().filter(line -> line.contains(when)).findFirst().orElseThrow().strip();
  }

  /** Has {@code top} find a command {@code stty} that does more than the system's. */
  private String settingTerminals(String... lines) throws IOException {
    Path commands = Files.createDirectory(directory.resolve("commands"));
    Path stty = commands.resolve("stty");
    Files.writeString(stty, "#!/bin/sh\nPATH=${PATH#*:}\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(stty, PosixFilePermissions.fromString("rwxr-xr-x"));
    return "PATH=" + commands + ":$PATH ";
  }

  private static int recordings(WatchedJvm jvm) throws Exception {
    ObjectName recorder = new ObjectName("jdk.management.jfr:type=FlightRecorder");
    return ((Object[]) jvm.beans().getAttribute(recorder, "Recordings")).length;
  }

  @Test
  void keysFlushAndQuitAndTheTerminalIsGivenBackAsItWas() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory, WatchedJvm.agent("jmx=rw"))) {
      jvm.say(OPEN.replace("flush=200ms", "flush=off"));
      jvm.say("set a 7 1000");
      try (Terminal terminal = new Terminal("120", "top", jvm)) {
        String before = setting(terminal.await("> shop"), "before ");
        terminal.press("f");
        terminal.await("shop: flushed 7 keys");
        terminal.press("q");
        String rest = terminal.await("end");
        assertThat(rest).contains("exit 0");
        assertThat(setting(rest, "after ").replace("after", "before")).isEqualTo(before);
        assertThat(terminal.process.waitFor()).isZero();
      }
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void aFlushThatIsNotPossibleSaysWhatItNeeds() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory)) {
      jvm.say(OPEN);
      try (Terminal terminal = new Terminal("200", "top", jvm)) {
        terminal.await("> shop");
        terminal.press("f");
        terminal.await("nadb attach " + jvm.pid() + " jmx=rw");
        terminal.press("q");
        terminal.await("exit 0");
      }
    }
  }

  @Test
  void aNarrowTerminalHasNoLineThatIsBroken() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory)) {
      jvm.say(OPEN);
      try (Terminal terminal = new Terminal("40", "top", jvm)) {
        terminal.await("> shop");
        terminal.press("q");
        assertThat(terminal.await("exit 0").lines()).allMatch(line -> line.length() <= 40);
      }
    }
  }

  @Test
  void whenItIsInterruptedTheTerminalIsGivenBackAndTheRecordingEnds() throws Exception {
    try (WatchedJvm jvm = WatchedJvm.start(directory)) {
      jvm.say(OPEN);
      for (String command : List.of("top", "watch")) {
        try (Terminal terminal = new Terminal("120", command, jvm)) {
          String before = setting(terminal.await("\n"), "before ");
          while (recordings(jvm) == 0) {
            Thread.onSpinWait(); // The command is just starting.
          }
          terminal.press(CTRL_C);
          String rest = terminal.await("end");
          assertThat(rest).contains("exit 130").doesNotContain("ended");
          assertThat(setting(rest, "after ").replace("after", "before")).isEqualTo(before);
        }
        assertThat(recordings(jvm)).as("recordings that go on").isZero();
      }
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void anInterruptionAtTheMomentInWhichTheTerminalIsTakenGivesItBack() throws Exception {
    String taking =
        settingTerminals(
            "stty \"$@\" || exit",
            "case $* in *-icanon*) kill -INT $PPID; sleep 1;; esac # The JVM is ending by then.");
    try (WatchedJvm jvm = WatchedJvm.start(directory)) {
      try (Terminal terminal = new Terminal("120", taking, "top", jvm)) {
        String rest = terminal.await("end");
        assertThat(rest).contains("exit 130");
        assertThat(setting(rest, "after ").replace("after", "before"))
            .isEqualTo(setting(rest, "before "));
      }
      assertThat(jvm.end()).isEmpty();
    }
  }

  @Test
  void anInterruptionAtTheMomentInWhichTheTerminalIsGivenBackChangesNothing() throws Exception {
    String givingBack =
        settingTerminals("case $* in *:*) kill -INT $$;; esac # As Ctrl-C does.", "stty \"$@\"");
    try (WatchedJvm jvm = WatchedJvm.start(directory)) {
      jvm.say(OPEN);
      try (Terminal terminal = new Terminal("120", givingBack, "top", jvm)) {
        String before = setting(terminal.await("> shop"), "before ");
        terminal.press("q");
        String rest = terminal.await("end");
        assertThat(rest).contains("exit 0");
        assertThat(setting(rest, "after ").replace("after", "before")).isEqualTo(before);
      }
      assertThat(jvm.end()).isEmpty();
    }
  }
}
