package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.StoreCapability;
import io.nadb.StoreLockedException;
import io.nadb.cli.text.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Parser;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.UserInterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nadb shell}: one command after the other on a store that stays open. */
@Command(
    name = "shell",
    description = {
      "Reads commands, which need no <store> here, with history and completion of commands, options,"
          + " keys and tags; 'help' lists them.",
      "Opens the store for writing or, if another process has it open, for reading: then each"
          + " command sees its last flush. Commands may be piped in."
    })
final class ShellCommand extends StoreCommand {
  @Option(names = "--read", description = "Opens it for reading only.")
  private boolean read;

  private String namespace = "";

  ShellCommand(Environment environment) {
    super(environment);
  }

  @Override
  public Integer call() {
    if (environment().open().isPresent()) {
      throw new CommandException(ExitCode.USAGE, "this is the shell already");
    }
    try (KeyValueStore opened = open()) {
      namespace = store().value(environment(), "namespace").orElse("default");
      return run(opened).code();
    }
  }

  private KeyValueStore open() {
    if (read) {
      return store().openToRead(environment());
    }
    try {
      return store().openToWrite(environment());
    } catch (StoreLockedException e) {
      environment().note("nadb: opened for reading: " + e.getMessage());
      return store().openToRead(environment());
    }
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    if (!environment().screen().isInput()) {
      return runPiped(opened);
    }
    try (LineEditor editor =
        LineEditor.open(new ShellCompleter(environment(), opened, () -> namespace))) {
      environment().note(Printable.of(opened.url()) + "; 'help' lists the commands, 'exit' ends");
      LineReader reader = editor.reader();
      CtrlC ctrlC = new CtrlC(environment(), () -> System.exit(ExitCode.STOPPED.code()));
      editor.onInterrupt(ctrlC::press);
      while (true) {
        String line;
        try {
          line = reader.readLine("nadb " + Printable.of(opened.name()) + prompt() + "> ");
        } catch (UserInterruptException e) {
          continue; // The line is given up.
        } catch (EndOfFileException e) {
          return ExitCode.DONE;
        }
        List<String> words = words(line, reader.getParser());
        if (ctrlC.during(() -> run(opened, words)) == null) {
          return ExitCode.DONE;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String prompt() {
    return namespace.equals("default") ? "" : "/" + Printable.of(namespace);
  }

  /** Runs lines that nobody types; the first that fails says what all exit with. */
  private ExitCode runPiped(KeyValueStore opened) {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(environment().in(), StandardCharsets.UTF_8));
    Parser parser = LineEditor.parser();
    ExitCode first = ExitCode.DONE;
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ExitCode exit = run(opened, words(line, parser));
        if (exit == null) {
          return first;
        }
        first = first == ExitCode.DONE ? exit : first;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return first;
  }

  private List<String> words(String line, Parser parser) {
    if (line.isBlank() || line.startsWith("#")) {
      return List.of();
    }
    try {
      return parser.parse(line, line.length(), ParseContext.ACCEPT_LINE).words().stream()
          .filter(word -> !word.isEmpty() || line.contains("\"\"") || line.contains("''"))
          .toList();
    } catch (EOFError e) {
      environment().note("nadb: a quote is not closed");
      return List.of();
    }
  }

  /** Runs a line; null if it was that to end. */
  private @Nullable ExitCode run(KeyValueStore opened, List<String> words) {
    if (words.isEmpty()) {
      return ExitCode.DONE;
    }
    String name = words.get(0);
    switch (name) {
      case "exit", "quit" -> {
        return null;
      }
      case "help" -> {
        return command(opened, List.of("--help"));
      }
      case "use" -> {
        if (words.size() != 2) {
          environment().note("nadb: use <namespace>");
          return ExitCode.USAGE;
        }
        namespace = words.get(1);
        return ExitCode.DONE;
      }
      default -> {
        return command(opened, words);
      }
    }
  }

  private ExitCode command(KeyValueStore opened, List<String> words) {
    try {
      if (!opened.capabilities().contains(StoreCapability.WRITES)) {
        opened.refresh();
      }
    } catch (RuntimeException e) {
      Failures.tell(e, environment().err());
      return Failures.exit(e);
    }
    List<String> arguments = new ArrayList<>(words);
    Environment inside = environment().with(opened);
    if (Commands.isAboutAStore(words.get(0), inside)) {
      arguments.add(1, store().url());
      if (!words.contains("-n") && !words.contains("--namespace")) {
        arguments.add(2, "--namespace=" + namespace);
      }
    }
    int exit = NadbCli.run(inside, arguments.toArray(new String[0]));
    environment().out().flush();
    return ExitCode.of(exit);
  }
}
