package io.nadb.cli;

import io.nadb.KeyValueStore;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.Printable;
import io.nadb.cli.text.TextTable;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nadb sql}: a query over what is known of the entries, with their values. */
@Command(
    name = "sql",
    description = {
      "Runs an SQL query (SQLite's) over the entries, read-only.",
      "Tables: entry(namespace, key, size, created, updated, expires_at, sequence, tags) and"
          + " entry_tag(namespace, tag, key). Values: value(namespace, key) as bytes, text(namespace,"
          + " key) as text; null if there is no such entry (any more).",
      "Answered from the store's metadata.db if there is one, which may lag behind: how far is said."
          + " --fresh, and a store without it, lists this namespace's entries first."
    })
final class SqlCommand extends StoreCommand {
  private static final int CELL = 60;

  /** After so many of SQLite's instructions it is asked whether it is to end: milliseconds. */
  private static final int INSTRUCTIONS_UNASKED = 100_000;

  @Parameters(index = "1", paramLabel = "<query>", description = "The query.")
  private String query = "";

  @Option(names = "--fresh", description = "Asks the store itself, not metadata.db.")
  private boolean fresh;

  SqlCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(KeyValueStore opened) {
    String namespace = store().value(environment(), "namespace").orElse("default");
    try (EntryValues values = new EntryValues(opened);
        Connection connection = connect(opened, namespace)) {
      values.register(connection);
      ProgressHandler.setHandler(connection, INSTRUCTIONS_UNASKED, new EndsByCtrlC());
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(query)) {
        write(rows);
      } catch (SQLException e) {
        CtrlC.check(); // Of which SQLite knows no more than that it was told to end.
        throw values
            .failure()
            .orElseGet(() -> new CommandException(ExitCode.USAGE, "SQLite: " + e.getMessage(), e));
      }
    } catch (SQLException e) {
      throw new CommandException(ExitCode.FAILED, "SQLite: " + e.getMessage(), e);
    }
    return ExitCode.DONE;
  }

  /** Ends what SQLite does when Ctrl-C is pressed. */
  private static final class EndsByCtrlC extends ProgressHandler {
    @Override
    protected int progress() {
      return CtrlC.isPressed() ? 1 : 0;
    }
  }

  private Connection connect(KeyValueStore opened, String namespace) throws SQLException {
    Optional<Path> file =
        store()
            .databaseDirectory(environment())
            .map(directory -> directory.resolve("metadata.db"))
            .filter(Files::exists);
    if (fresh || file.isEmpty()) {
      environment().note("nadb: as the store is now: its entries were listed for this");
      return MetadataDatabase.list(opened, namespace);
    }
    Connection connection = MetadataDatabase.open(file.get());
    try {
      long behind = opened.stats().durableSequence() - MetadataDatabase.sequence(connection);
      environment()
          .note(
              behind <= 0
                  ? "nadb: metadata.db is up to date with the last flush"
                  : "nadb: metadata.db is "
                      + Amounts.count(behind)
                      + " writes behind; --fresh asks the store itself");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void write(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    int count = columns.getColumnCount();
    PrintStream out = environment().out();
    TextTable table = OutputChoice.table(environment());
    for (int i = 1; i <= count; i++) {
      table.left(columns.getColumnLabel(i));
    }
    while (rows.next() && !(rows.getRow() % 512 == 0 && out.checkError())) {
      if (output().json()) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
          json.put(columns.getColumnLabel(i), plain(rows.getObject(i)));
        }
        out.println(JsonText.of(json));
      } else if (output().raw()) {
        raw(rows, count);
      } else {
        String[] cells = new String[count];
        for (int i = 0; i < count; i++) {
          cells[i] = cell(rows.getObject(i + 1));
        }
        table.row(cells);
      }
    }
    table.end();
  }

  /** A single column as its bytes; of several, tabs between them and an end of the line. */
  private void raw(ResultSet rows, int count) throws SQLException {
    PrintStream out = environment().out();
    for (int i = 1; i <= count; i++) {
      Object value = rows.getObject(i);
      byte[] bytes =
          value instanceof byte[] blob
              ? blob
              : value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
      out.write(bytes, 0, bytes.length);
      if (i < count) {
        out.write('\t');
      } else if (count > 1 || !(value instanceof byte[])) {
        out.write('\n');
      }
    }
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value;
  }

  private static String cell(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Printable.line(bytes, CELL);
    }
    return value == null ? "" : value.toString();
  }
}
