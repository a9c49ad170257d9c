package io.nadb.benchmarks.run;

import io.nadb.benchmarks.workload.Memory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts child JVMs and reads what they measured. */
public final class Launcher {
  /** How much heap a child has. */
  public static final String MEMORY = "-Xms2g -Xmx6g -XX:+AlwaysPreTouch";

  private static final List<String> JVM =
      List.of(
          "-XX:MaxDirectMemorySize=2g",
          // LMDB and Chronicle Map ask for these.
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          // LMDB's documentation: off in production.
          "-Dlmdbjava.disable.checks=true",
          "-Dchronicle.announcer.disable=true");

  private final Path directory;
  private final Duration limit;
  private final List<String> extra;
  private final String classPath;

  /**
   * Makes a launcher.
   *
   * @param directory where the children's output goes
   * @param limit how long a child may take
   * @param extra more arguments for the JVM
   */
  Launcher(Path directory, Duration limit, List<String> extra) {
    this(directory, limit, extra, System.getProperty("java.class.path", "."));
  }

  /** Makes a launcher whose children have a class path of their own. */
  Launcher(Path directory, Duration limit, List<String> extra, String classPath) {
    this.directory = directory;
    this.limit = limit;
    this.extra = List.copyOf(extra);
    this.classPath = classPath;
  }

  /** The result of a child: what it measured, or why there is nothing. */
  record Outcome(Map<String, Double> measured, String failure) {
    boolean failed() {
      return !failure.isEmpty();
    }
  }

  /** Runs {@link Child} with these arguments and as much memory as it may need. */
  Outcome run(List<String> arguments) throws IOException, InterruptedException {
    return run(arguments, command(MEMORY, arguments));
  }

  /** Runs {@link Child} with these arguments and so much memory. */
  Outcome run(List<String> arguments, Memory memory) throws IOException, InterruptedException {
    MemoryGroup group = MemoryGroup.create(memory.allBytes());
    if (group == null) {
      return new Outcome(Map.of(), "not measured: no control group can limit memory here");
    }
    try (group) {
      String heap = "-Xmx" + memory.heapBytes() / (1 << 20) + "m";
      return run(arguments, group.command(command(heap, arguments)));
    }
  }

  private Outcome run(List<String> arguments, List<String> command)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path output = directory.resolve("child.out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Outcome(Map.of(), "not done after " + limit.toMinutes() + " min");
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    Map<String, Double> measured = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(output)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\t", -1);
        if (parts[0].equals(Child.RESULT)) {
          measured.put(parts[1], Double.valueOf(parts[2]));
        } else {
          others.add(line);
        }
      }
    }
    boolean halted = process.exitValue() == Child.HALTED && arguments.get(0).equals("fill");
    if (process.exitValue() != 0 && !halted) {
      Files.copy(
          output,
          directory.resolve("failed-" + String.join("-", arguments).replaceAll("\\W+", "-")),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      String cause =
          others.stream()
              .filter(line -> line.contains("xception") || line.contains("Error"))
              .findFirst()
              .orElse("");
      return new Outcome(measured, "exit " + process.exitValue() + ": " + cause);
    }
    return new Outcome(measured, "");
  }

  private List<String> command(String memory, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(memory.split(" ", -1)));
    command.addAll(JVM);
    command.addAll(extra);
    command.add("-cp");
    command.add(classPath);
    command.add(Child.class.getName());
    command.addAll(arguments);
    return command;
  }
}
