package io.nadb.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A line of a terminal that can be edited, with history over all runs of the shell. */
final class LineEditor implements AutoCloseable {
  private final Terminal terminal;
  private final LineReader reader;

  private LineEditor(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
  }

  static LineEditor open(Completer completer) throws IOException {
    Terminal terminal = TerminalBuilder.builder().name("nadb").system(true).build();
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("nadb")
            .parser(parser())
            .completer(completer)
            .history(new DiscreetHistory())
            .variable(LineReader.HISTORY_FILE, historyFile())
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    return new LineEditor(terminal, reader);
  }

  /** Words are split as a shell does it: by spaces, with quotes and backslashes. */
  static Parser parser() {
    DefaultParser parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(true);
    return parser;
  }

  LineReader reader() {
    return reader;
  }

  /** Has something done when Ctrl-C is pressed while no line is being typed. */
  void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, signal -> action.run());
  }

  /** In the user's own directory for such things, which nobody else may read. */
  private static Path historyFile() throws IOException {
    String state = System.getenv("XDG_STATE_HOME");
    Path directory =
        state == null || state.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state", "nadb")
            : Path.of(state, "nadb");
    Files.createDirectories(directory);
    Path file = directory.resolve("history");
    if (Files.notExists(file)) {
      Files.createFile(file);
      try {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      } catch (UnsupportedOperationException e) {
        return file; // Such a system keeps users' directories apart by other means.
      }
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  /** Forgets lines that may hold a password. */
  static final class DiscreetHistory extends DefaultHistory {
    @Override
    public void add(Instant time, String line) {
      if (!isDelicate(line)) {
        super.add(time, line);
      }
    }

    static boolean isDelicate(String line) {
      return line.matches("(?is).*(://[^/\\s]*@|password).*");
    }
  }
}
