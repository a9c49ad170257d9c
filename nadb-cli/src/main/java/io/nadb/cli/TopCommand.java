package io.nadb.cli;

import io.nadb.agent.terminal.Nadb;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code nadb top}: the stores of a JVM, live, by the agent's terminal. */
@Command(
    name = "top",
    description = {
      "Shows the stores of a JVM, about once a second: buffer, what is at risk, flushes.",
      "The JVM needs no agent. --frames <n> ends after so many; --user and --password-file are for"
          + " host:port; --svg <file> draws."
    },
    mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      index = "0",
      paramLabel = "<store|pid|host:port>",
      description =
          "A store in files that a JVM has open, the JVM's pid, or where it listens for JMX.")
  private String target = "";

  @Unmatched private List<String> rest = new ArrayList<>();

  TopCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<String> arguments = new ArrayList<>(List.of("top", jvm()));
    arguments.addAll(rest);
    return Nadb.run(
        new PrintWriter(environment.out(), true, StandardCharsets.UTF_8),
        new PrintWriter(environment.err(), true, StandardCharsets.UTF_8),
        arguments.toArray(new String[0]));
  }

  private String jvm() {
    if (target.matches("[0-9]+|[^/\\\\]+:[0-9]+") && !target.startsWith("nadb:")) {
      return target;
    }
    StoreChoice store = StoreChoice.of(target);
    return store
        .databaseDirectory(environment)
        .flatMap(OwnerProcess::of)
        .map(owner -> Long.toString(owner.pid()))
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.NOT_FOUND,
                    "no process of this machine has that store open; give the pid of a JVM, or"
                        + " host:port"));
  }
}
