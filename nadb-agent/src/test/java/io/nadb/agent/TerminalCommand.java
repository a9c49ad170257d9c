package io.nadb.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command of the agent's jar, in a process of its own. */
final class TerminalCommand {

  private TerminalCommand() {}

  /** What a command wrote, and how it ended. */
  record Outcome(int exit, String out, String err) {}

  /** Starts it. */
  static Process start(Path errors, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                WatchedJvm.agentJar().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  /** Waits for its end. */
  static Outcome run(String... arguments) throws Exception {
    Path errors = Files.createTempFile("nadb-errors", ".txt");
    Process process = start(errors, arguments);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out, Files.readString(errors));
  }
}
