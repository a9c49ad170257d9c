package io.nadb.agent.terminal;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.remote.JMXConnector;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which JVM a command looks at: one of this machine by its pid, or any by its JMX address. */
final class JvmChoice {
  @Parameters(
      index = "0",
      paramLabel = "<jvm>",
      description = {
        "The JVM: its pid (see nadb list), or where it listens for JMX, as host:port,",
        "if it can't be attached to or is on another host."
      })
  private String jvm = "";

  @Option(
      names = "--user",
      paramLabel = "<name>",
      description = "As whom to connect to host:port; asks for the password.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "<file>",
      description = "Where the password is, in lines of user and password, as the JVM has them.")
  private @Nullable Path passwords;

  /** Connects to its MBeans. */
  Target connect() {
    Optional<JmxAddress> address = JmxAddress.parse(jvm);
    if (address.isPresent()) {
      return Target.connect(address.get(), environment());
    }
    if (user != null || passwords != null) {
      throw new TerminalException(
          "--user and --password-file are for a JMX address (host:port); a JVM is attached to by"
              + " its pid as the user of this process");
    }
    return Target.connect(jvm);
  }

  private Map<String, Object> environment() {
    String name = user;
    if (name == null) {
      if (passwords != null) {
        throw new TerminalException("--password-file needs --user, which says whose it is to be");
      }
      return Map.of();
    }
    return Map.of(JMXConnector.CREDENTIALS, new String[] {name, password(name)});
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 22's, without a terminal, reads to the end: null.
  private String password(String name) {
    Path file = passwords;
    if (file != null) {
      return password(name, file);
    }
    Console console = System.console();
    char[] typed = console == null ? null : console.readPassword("Password of %s: ", name);
    if (typed == null) {
      throw new TerminalException(
          "there is no terminal to ask for the password of " + name + "; give --password-file");
    }
    return new String(typed);
  }

  private static String password(String name, Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new TerminalException("can't read the password file " + file + ": " + e, e);
    }
    return lines.stream()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length >= 2 && words[0].equals(name))
        .map(words -> words[1])
        .findFirst()
        .orElseThrow(
            () ->
                new TerminalException(
                    "the password file " + file + " has no line \"" + name + " <password>\""));
  }
}
