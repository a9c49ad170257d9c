package io.nadb.cli;

import io.nadb.StoreRegistry;
import io.nadb.TimeSource;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line: {@code nadb <command> <store> …}, or {@code java -jar nadb-cli-<version>.jar}.
 *
 * @since 0.1.0
 */
@Command(
    name = "nadb",
    description = "Looks into NADB stores, changes, backs up and checks them.",
    mixinStandardHelpOptions = true,
    versionProvider = NadbCli.Version.class,
    synopsisSubcommandLabel = "<command> <store>",
    commandListHeading = "%nCommands:%n")
public final class NadbCli {
  /** What the driver logs, in one line to each. */
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private NadbCli() {}

  /** Runs a command, and exits with what {@code nadb --help} says. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "nadb: %5$s%n");
    }
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    int exit;
    try (StoreRegistry registry = StoreRegistry.create()) {
      Environment environment =
          new Environment(
              System.in,
              out,
              err,
              new ProcessScreen(),
              registry,
              TimeSource.system(),
              ZoneId.systemDefault(),
              Optional.empty());
      exit = run(environment, arguments);
    } catch (RuntimeException e) {
      exit = Failures.tell(e, err);
    }
    out.flush();
    err.flush();
    System.exit(exit);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 16),
        false,
        StandardCharsets.UTF_8);
  }

  /** Runs a command. */
  static int run(Environment environment, String... arguments) {
    CommandLine line = commandLine(environment, arguments.length > 0 ? arguments[0] : "");
    if (arguments.length == 0) {
      line.usage(environment.err());
      environment.err().flush();
      return ExitCode.USAGE.code();
    }
    return line.execute(arguments);
  }

  /**
   * The command line with one command or, if there is none of that name, with all: to make them all
   * takes longer than most commands do.
   */
  static CommandLine commandLine(Environment environment, String only) {
    CommandLine line = new CommandLine(new NadbCli());
    Map<String, Function<Environment, Object>> all = Commands.byName();
    Function<Environment, Object> one = all.get(only);
    if (one != null) {
      line.addSubcommand(only, one.apply(environment));
    } else {
      all.forEach((name, make) -> line.addSubcommand(name, make.apply(environment)));
    }
    line.getCommandSpec().usageMessage().footer(exits());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            environment.screen().isOutput()
                ? CommandLine.Help.Ansi.ON
                : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(
        (failure, parsed) -> {
          CommandLine command = failure.getCommandLine();
          environment.note(
              "nadb: "
                  + failure.getMessage()
                  + "; '"
                  + command.getCommandSpec().qualifiedName()
                  + " --help' tells more");
          return ExitCode.USAGE.code();
        });
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> Failures.tell(failure, environment.err()));
    return line;
  }

  private static String[] exits() {
    StringBuilder text = new StringBuilder("%nIt exits with%n");
    for (ExitCode each : ExitCode.values()) {
      text.append("  %3d  %s%%n".formatted(each.code(), each.meaning()));
    }
    text.append("%n'nadb <command> --help' tells more of a command.");
    return new String[] {text.toString()};
  }

  /** Tells the version that is in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = NadbCli.class.getPackage().getImplementationVersion();
      return new String[] {"nadb " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
