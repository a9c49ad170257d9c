package io.nadb.agent.terminal;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: {@code java -jar nadb-agent-<version>.jar <command>}.
 *
 * @since 0.1.0
 */
@Command(
    name = "nadb",
    description = "Looks at NADB stores in JVMs of this machine, or of others through JMX.",
    mixinStandardHelpOptions = true,
    versionProvider = Nadb.Version.class,
    subcommands = {
      ListCommand.class,
      TopCommand.class,
      WatchCommand.class,
      FlushCommand.class,
      ExportCommand.class,
      AttachCommand.class,
      ExplainCommand.class
    },
    footer = {
      "",
      "None of them needs an agent in the JVM, except flush.",
      "With one (attach, or -javaagent), percentiles reach back to its start."
    })
public final class Nadb {

  private Nadb() {}

  /** Runs a command and exits with 0, 1 if it failed, 2 if it was not understood. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, arguments));
  }

  /** Runs a command, and returns what {@link #main} exits with; for those who have it in theirs. */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(new Nadb());
    line.setOut(out);
    line.setErr(err);
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof TerminalException) {
            command.getErr().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
          }
          throw e;
        });
    if (arguments.length == 0) {
      line.usage(out);
      return CommandLine.ExitCode.USAGE;
    }
    return line.execute(arguments);
  }

  /** Tells the version that is in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Nadb.class.getPackage().getImplementationVersion();
      return new String[] {"nadb " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
