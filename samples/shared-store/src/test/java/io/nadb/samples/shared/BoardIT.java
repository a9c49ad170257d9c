package io.nadb.samples.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same application in JVMs of its own: one after another on files, two at once on Redis. */
class BoardIT {

  @TempDir private Path directory;

  @Test
  void oneJvmAfterAnotherOnFiles() throws Exception {
    String url = "nadb:fs:" + directory;
    try (Shell first = new Shell(url)) {
      assertThat(first.ask("post tea kettle's-broken kitchen")).isEqualTo("done");
    }
    try (Shell second = new Shell(url)) {
      assertThat(second.ask("about kitchen")).isEqualTo("[tea: kettle's-broken]");
    }
  }

  @Test
  void twoJvmsAtOnceOnRedis() throws Exception {
    try (RedisServer redis = RedisServer.start();
        Shell ada = new Shell(redis.url("db=board"));
        Shell grace = new Shell(redis.url("db=board"))) {
      ada.ask("post tea kettle's-broken kitchen");
      ada.ask("post moth found-in-relay-70 bugs kitchen");
      assertThat(grace.ask("about kitchen"))
          .isEqualTo("[moth: found-in-relay-70, tea: kettle's-broken]");
      assertThat(grace.ask("edit tea new-kettle")).isEqualTo("done");
      assertThat(grace.ask("remove moth")).isEqualTo("removed");
      assertThat(ada.ask("remove moth")).isEqualTo("not there");
      assertThat(ada.ask("about kitchen")).isEqualTo("[tea: new-kettle]");
    }
  }

  /** The application, in a JVM of its own. */
  private static final class Shell implements AutoCloseable {
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    Shell(String url) throws IOException {
      process =
          new ProcessBuilder(
                  List.of(
                      System.getProperty("java.home") + "/bin/java",
                      "--enable-native-access=ALL-UNNAMED",
                      "-cp",
                      System.getProperty("java.class.path"),
                      BoardShell.class.getName(),
                      url))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      commands = new PrintWriter(process.outputWriter(UTF_8), true);
      answers = process.inputReader(UTF_8);
    }

    String ask(String command) throws IOException {
      commands.println(command);
      return String.valueOf(answers.readLine());
    }

    @Override
    public void close() {
      commands.close();
      assertThat(process.onExit().join().exitValue()).isZero();
    }
  }
}
