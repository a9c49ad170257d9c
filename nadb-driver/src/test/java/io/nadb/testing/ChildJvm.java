package io.nadb.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with the tests' class path, which a test talks to by lines of text. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a class's {@code main}. */
  public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** Starts a class's {@code main} without those jars whose path contains a text. */
  public static ChildJvm startWithout(String jar, Class<?> main, String... arguments)
      throws IOException {
    List<String> all = classPathEntries();
    List<String> some = all.stream().filter(entry -> !entry.contains(jar)).toList();
    if (some.size() == all.size()) {
      throw new IllegalStateException(jar + " is not on the class path: " + all);
    }
    return start(List.of(), List.of(), String.join(File.pathSeparator, some), main, arguments);
  }

  /** Starts a class's {@code main} with options for the JVM. */
  public static ChildJvm startWith(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return start(List.of(), options, classPath(), main, arguments);
  }

  /** Starts a class's {@code main} with options for the JVM and a class path of its own. */
  public static ChildJvm startOn(
      List<String> classPath, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return start(List.of(), options, String.join(File.pathSeparator, classPath), main, arguments);
  }

  /** Starts a class's {@code main} through a command that ends by running its own arguments. */
  public static ChildJvm start(
      List<String> launcher, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return start(launcher, options, classPath(), main, arguments);
  }

  /** Starts a class's {@code main} through a command that ends by running its own arguments. */
  public static ChildJvm start(List<String> launcher, Class<?> main, String... arguments)
      throws IOException {
    return start(launcher, List.of(), classPath(), main, arguments);
  }

  /** Starts a class's {@code main} in another Java runtime. */
  public static ChildJvm startOther(
      Path java, String classPath, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return start(List.of(), java, options, classPath, main, arguments);
  }

  /** The jars and folders of the tests' class path. */
  public static List<String> classPathEntries() {
    return List.of(classPath().split(File.pathSeparator));
  }

  /** Starts a class's {@code main} where its process ids are its own, as in a container. */
  public static ChildJvm startIn(List<String> container, Class<?> main, String... arguments)
      throws IOException {
    // Its performance data are in a file by its process id.
    return start(container, List.of("-XX:-UsePerfData"), classPath(), main, arguments);
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private static ChildJvm start(
      List<String> launcher,
      List<String> options,
      String classPath,
      Class<?> main,
      String... arguments)
      throws IOException {
    Path java = Path.of(System.getProperty("java.home"));
    return start(launcher, java, options, classPath, main, arguments);
  }

  private static ChildJvm start(
      List<String> launcher,
      Path java,
      List<String> options,
      String classPath,
      Class<?> main,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(java.resolve("bin/java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new ChildJvm(builder.start());
  }

  /** Waits for the next line that it prints; the empty text when it has ended. */
  public String line() {
    try {
      String line = output.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives it a line, and waits for the one that it answers with. */
  public String ask(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return line();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Lets it go on, if it reads from its standard input. */
  public void release() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for its end, and tells its exit code. */
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Asks it to end, as the operating system does and containers do. */
  public void terminate() {
    process.toHandle().destroy(); // The process itself would close its streams, too.
  }

  /** All the lines that it still prints, until it has ended. */
  public List<String> lines() {
    return output.lines().toList();
  }

  /** Kills it, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Kills it with all that it has started, as where a launcher has made it, and waits. */
  public void killAll() throws InterruptedException {
    for (ProcessHandle descendant : process.descendants().toList()) {
      descendant.destroyForcibly();
      descendant.onExit().join();
    }
    kill();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
