package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.cli.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completes what is typed in the shell: commands, their options, keys, and tags. */
final class ShellCompleter implements Completer {
  /** More than that nobody reads. */
  private static final int KEYS = 200;

  private static final Set<String> OF_KEYS = Set.of("get", "set", "del", "ls", "log");
  private static final Set<String> TAGS = Set.of("-t", "--tag", "--any", "--none");
  private static final Set<String> KEY_OPTIONS = Set.of("-p", "--prefix", "--from", "--to");

  private final Environment environment;
  private final KeyValueStore store;
  private final Supplier<String> namespace;

  ShellCompleter(Environment environment, KeyValueStore store, Supplier<String> namespace) {
    this.environment = environment;
    this.store = store;
    this.namespace = namespace;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    for (String each : candidates(line.words().subList(0, line.wordIndex()), word(line))) {
      candidates.add(new Candidate(each));
    }
  }

  private static String word(ParsedLine line) {
    return line.word().substring(0, Math.min(line.wordCursor(), line.word().length()));
  }

  /**
   * What a word may become.
   *
   * @param before the words before it
   * @param word its beginning
   */
  List<String> candidates(List<String> before, String word) {
    if (before.isEmpty()) {
      Set<String> names = new TreeSet<>(Commands.byName().keySet());
      names.addAll(List.of("help", "exit", "use"));
      names.remove("shell");
      return List.copyOf(names);
    }
    String command = before.get(0);
    String last = before.get(before.size() - 1);
    if (word.startsWith("-")) {
      return options(command);
    }
    try (KeyValueStore shown = store.namespace(namespace.get())) {
      if (TAGS.contains(last)) {
        return printable(shown.tags().keySet());
      }
      if (KEY_OPTIONS.contains(last) || (OF_KEYS.contains(command) && isFirst(command, before))) {
        return printable(shown.query().prefix(word).limit(KEYS).keys());
      }
    } catch (RuntimeException e) {
      return List.of(); // As with a server that has gone: a command will say so.
    }
    return List.of();
  }

  private static boolean isFirst(String command, List<String> before) {
    return command.equals("del") || before.stream().skip(1).allMatch(word -> word.startsWith("-"));
  }

  private List<String> options(String command) {
    CommandLine line = NadbCli.commandLine(environment, command).getSubcommands().get(command);
    if (line == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (OptionSpec option : line.getCommandSpec().options()) {
      names.add(option.longestName());
    }
    return names;
  }

  /** What can be shown, and so typed. */
  private static List<String> printable(Iterable<String> texts) {
    List<String> printable = new ArrayList<>();
    for (String text : texts) {
      if (Printable.of(text).equals(text)) {
        printable.add(text);
      }
    }
    return printable;
  }
}
