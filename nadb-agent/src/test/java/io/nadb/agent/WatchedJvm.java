package io.nadb.agent;

import com.sun.tools.attach.VirtualMachine;
import io.nadb.application.Application;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import javax.tools.ToolProvider;

/** A JVM with an application that uses NADB, and without anything of the tests. */
final class WatchedJvm implements AutoCloseable {
  private final Path errors;
  private final Process process;
  private final BufferedReader output;
  private final BufferedWriter input;
  private final List<JMXConnector> connectors = new ArrayList<>();

  private WatchedJvm(Path errors, Process process) {
    this.errors = errors;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** The agent's jar, as it is shipped. */
  static Path agentJar() {
    return Path.of(System.getProperty("nadb.agent.jar"));
  }

  /** The library's jar. */
  static String libraryJar() {
    return onClassPath("nadb-driver");
  }

  /** The JVM option for the agent. */
  static String agent(String options) {
    return "-javaagent:" + agentJar() + (options.isEmpty() ? "" : "=" + options);
  }

  /** Starts the application in a directory with options for the JVM. */
  static WatchedJvm start(Path directory, String... options) throws IOException {
    return start(directory, List.of(), options);
  }

  /** Starts it through a command that ends by running its own arguments. */
  static WatchedJvm start(Path directory, List<String> launcher, String... options)
      throws IOException {
    return start(directory, launcher, entries(), options);
  }

  /** Starts it from its {@link #entries}. */
  static WatchedJvm start(
      Path directory, List<String> launcher, List<String> entries, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, entries));
    command.add(Application.class.getName());
    return run(directory, command);
  }

  /** Starts it as a named module that requires the library's, which is one, too. */
  static WatchedJvm startAsModule(Path directory, String... options) throws IOException {
    List<String> entries = entries();
    String path = String.join(File.pathSeparator, entries);
    Path application = Path.of(entries.get(entries.size() - 1));
    Path source = application.resolve("module-info.java");
    Files.writeString(source, "module application { requires io.nadb; }");
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", application.toString(), "-p", path, source.toString());
    if (compiled != 0) {
      throw new IllegalStateException("javac says " + compiled);
    }
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("--enable-native-access=org.xerial.sqlitejdbc");
    command.addAll(List.of(options));
    command.add("-p");
    command.add(path);
    command.add("-m");
    command.add("application/" + Application.class.getName());
    return run(directory, command);
  }

  private static WatchedJvm run(Path directory, List<String> command) throws IOException {
    Files.createDirectories(directory);
    Path errors = Files.createTempFile("nadb-errors", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(errors.toFile())
            .start();
    WatchedJvm jvm = new WatchedJvm(errors, process);
    String first = jvm.output.readLine();
    if (!"ready".equals(first)) {
      throw new IllegalStateException("it says " + first + "\n" + Files.readString(errors));
    }
    return jvm;
  }

  /** The library, what it needs, and the application: a copy, since the agent lies beside it. */
  static List<String> entries() throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : List.of(System.getProperty("java.class.path").split(File.pathSeparator))) {
      if (entry.contains("sqlite-jdbc")
          || entry.contains("nadb-driver/target/classes")
          || entry.matches(".*nadb-driver-[^/]*\\.jar")) {
        entries.add(entry);
      }
    }
    Path copy = Files.createTempDirectory("nadb-application");
    String name = Application.class.getPackageName().replace('.', '/');
    Path target = Files.createDirectories(copy.resolve(name));
    Path from = Path.of(location(Application.class)).resolve(name);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    entries.add(copy.toString());
    return entries;
  }

  private static String location(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  /** The jar on the tests' class path whose path contains a text. */
  static String onClassPath(String text) {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
        .filter(entry -> entry.contains(text))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(text + " is not on the class path"));
  }

  /** Tells the application to do something; returns its answer. */
  String say(String line) throws IOException {
    input.write(line + "\n");
    input.flush();
    String answer = output.readLine();
    if (answer == null) {
      throw new IllegalStateException("it has ended:\n" + Files.readString(errors));
    }
    return answer;
  }

  /** Attaches, as JConsole does. */
  VirtualMachine attach() throws Exception {
    return VirtualMachine.attach(Long.toString(pid()));
  }

  /** Looks at its MBeans, as JConsole does. */
  MBeanServerConnection beans() throws Exception {
    VirtualMachine machine = attach();
    try {
      return connect(machine.startLocalManagementAgent());
    } finally {
      machine.detach();
    }
  }

  /** Looks at its MBeans through an address. */
  @SuppressWarnings("BanJNDI") // The address is this test's own.
  MBeanServerConnection connect(String url) throws IOException {
    JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(url));
    connectors.add(connector);
    return connector.getMBeanServerConnection();
  }

  long pid() {
    return process.pid();
  }

  /** Lets it end, and returns what it wrote to its standard error. */
  String end() throws Exception {
    input.close();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("it failed:\n" + Files.readString(errors));
    }
    return Files.readString(errors);
  }

  @Override
  public void close() throws IOException {
    for (JMXConnector connector : connectors) {
      try {
        connector.close();
      } catch (IOException e) {
        System.err.println("the JVM has ended before the connection: " + e);
      }
    }
    process.destroyForcibly();
  }
}
