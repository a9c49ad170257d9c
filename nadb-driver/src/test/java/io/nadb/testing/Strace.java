package io.nadb.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The program strace, which lets single system calls of a process fail. */
public final class Strace {
  private static final String REQUIRED = "nadb.test.require";

  private Strace() {}

  /**
   * Ends a test, as skipped, if there is none or it may not be used here; as failed if the property
   * {@code nadb.test.require} names strace.
   */
  public static void assumeUsable() throws InterruptedException {
    String reason = reason();
    boolean required =
        Arrays.asList(System.getProperty(REQUIRED, "").split("\\s*,\\s*", -1)).contains("strace");
    if (required && !reason.isEmpty()) {
      throw new AssertionError(reason + "\nThis is a failure because of " + REQUIRED);
    }
    Assumptions.assumeTrue(reason.isEmpty(), reason);
  }

  private static String reason() throws InterruptedException {
    try {
      int exitCode =
          new ProcessBuilder("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      return exitCode == 0 ? "" : "strace may not trace a process here: it ends with " + exitCode;
    } catch (IOException e) {
      return "there is no strace: " + e.getMessage();
    }
  }

  /**
   * A command that runs what follows it, and has one call fail in each thread.
   *
   * @param call the name of a system call
   * @param error how it fails
   * @param number which of the calls that concern the paths; the first is 1
   * @param log takes a line for each of these calls
   */
  public static List<String> failing(
      String call, String error, int number, List<Path> paths, Path log) {
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "--seccomp-bpf", "-qq", "-o", log.toString()));
    command.add("-e");
    command.add("trace=" + call);
    command.add("-e");
    command.add("inject=" + call + ":error=" + error + ":when=" + number);
    for (Path path : paths) {
      command.add("-P");
      command.add(path.toString());
    }
    return command;
  }
}
