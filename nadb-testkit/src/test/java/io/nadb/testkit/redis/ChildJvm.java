package io.nadb.testkit.redis;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs a class's {@code main} in a JVM of its own, and tells what it prints. */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * Runs it to its end.
   *
   * @param without what the paths of the jars contain that it is not to have
   */
  static String run(
      Class<?> main, String without, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return run(main, without, environment, ProcessBuilder.Redirect.INHERIT, arguments);
  }

  /** Runs it to its end, with its standard error where that is to go. */
  static String run(
      Class<?> main,
      String without,
      Map<String, String> environment,
      ProcessBuilder.Redirect errors,
      String... arguments)
      throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> without.isEmpty() || !entry.contains(without))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            main.getName());
    builder.command().addAll(Arrays.asList(arguments));
    builder.environment().putAll(environment);
    builder.redirectError(errors);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
