package io.nadb.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** {@code nadb completion}: what has a shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints what has a shell complete commands and options:",
      "  bash, zsh: source <(nadb completion bash)",
      "  fish:      nadb completion fish | source"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  private final Environment environment;

  /** Whom it is for. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(index = "0", paramLabel = "<shell>", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  CompletionCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    CommandLine all = NadbCli.commandLine(environment, "");
    // What picocli writes for bash is for zsh, too: it says so to zsh itself.
    environment.out().print(shell == Shell.FISH ? fish(all) : AutoComplete.bash("nadb", all));
    environment.out().flush();
    return ExitCode.DONE.code();
  }

  private static String fish(CommandLine all) {
    StringBuilder text = new StringBuilder("# fish completion for nadb\ncomplete -c nadb -f\n");
    all.getSubcommands()
        .forEach(
            (name, command) -> {
              text.append("complete -c nadb -n __fish_use_subcommand -a ")
                  .append(name)
                  .append(" -d ")
                  .append(quoted(first(command.getCommandSpec().usageMessage().description())))
                  .append('\n');
              String seen = "complete -c nadb -n '__fish_seen_subcommand_from " + name + "'";
              // What comes after a command is most of the time a store: a directory.
              text.append(seen).append(" -F\n");
              command.getCommandSpec().options().forEach(option -> option(text, seen, option));
            });
    return text.toString();
  }

  private static void option(StringBuilder text, String seen, OptionSpec option) {
    text.append(seen);
    for (String name : option.names()) {
      text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    if (option.arity().max() > 0) {
      text.append(" -r");
    }
    if (option.completionCandidates() != null) {
      StringBuilder words = new StringBuilder();
      option
          .completionCandidates()
          .forEach(word -> words.append(word.toLowerCase(Locale.ROOT)).append(' '));
      text.append(" -a ").append(quoted(words.toString().strip()));
    }
    text.append(" -d ").append(quoted(first(option.description()))).append('\n');
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0].replace("$$", "$");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
