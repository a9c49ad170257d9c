package io.nadb.cli;

import io.nadb.EntryMetadata;
import io.nadb.KeyValueStore;
import io.nadb.cli.text.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteJDBCLoader;

/** The database that {@code nadb sql} asks: that of the store, or one made of it in memory. */
final class MetadataDatabase {
  /** As the views of {@code metadata.db} write times. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String BUSY_MILLIS = "5000";

  private MetadataDatabase() {}

  /**
   * Opens the file of a store, which others may be writing. Where the directory can't be written
   * to, nobody writes, and SQLite needs no file of its own beside it.
   */
  static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setPragma(Pragma.BUSY_TIMEOUT, BUSY_MILLIS);
    config.setPragma(Pragma.LIMIT_ATTACHED, "0");
    boolean still = !Files.isWritable(file) || !Files.isWritable(file.toAbsolutePath().getParent());
    String uri = file.toAbsolutePath().toUri() + "?mode=ro" + (still ? "&immutable=1" : "");
    return connect(config, "jdbc:sqlite:" + uri);
  }

  private static Connection connect(SQLiteConfig config, String url) throws SQLException {
    CompletableFuture.runAsync(MetadataDatabase::load).join();
    return config.createConnection(url);
  }

  /** Called by a thread that nobody interrupts: this would fail of it, or swallow it. */
  private static void load() {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      // Whoever connects tries again, and tells.
    }
  }

  /** Up to which write it has come. */
  static long sequence(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sequence FROM projection")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Lists a namespace's entries, all of one moment, into tables as the file's views are. */
  static Connection list(KeyValueStore store, String namespace) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setPragma(Pragma.LIMIT_ATTACHED, "0");
    Connection connection = connect(config, "jdbc:sqlite::memory:");
    try {
      fill(connection, store, namespace);
      execute(connection, "PRAGMA query_only=ON");
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  private static void fill(Connection connection, KeyValueStore store, String namespace)
      throws SQLException {
    execute(
        connection,
        "CREATE TABLE entry(namespace TEXT, key TEXT PRIMARY KEY, size INTEGER, created TEXT,"
            + " updated TEXT, expires_at TEXT, sequence INTEGER, tags TEXT)");
    execute(connection, "CREATE TABLE entry_tag(namespace TEXT, tag TEXT, key TEXT)");
    execute(connection, "BEGIN");
    try (PreparedStatement entries =
            connection.prepareStatement("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, NULL, ?)");
        PreparedStatement tags =
            connection.prepareStatement("INSERT INTO entry_tag VALUES (?, ?, ?)");
        Stream<EntryMetadata> found = store.query().stream()) {
      for (Iterator<EntryMetadata> each = found.iterator(); each.hasNext(); ) {
        CtrlC.check();
        EntryMetadata entry = each.next();
        entries.setString(1, namespace);
        entries.setString(2, entry.key());
        entries.setInt(3, entry.size());
        entries.setString(4, TIME.format(entry.created()));
        entries.setString(5, TIME.format(entry.updated()));
        entries.setString(6, entry.expiresAt().map(MetadataDatabase::format).orElse(null));
        entries.setString(7, JsonText.of(entry.tags()));
        entries.executeUpdate();
        for (String tag : entry.tags()) {
          tags.setString(1, namespace);
          tags.setString(2, tag);
          tags.setString(3, entry.key());
          tags.executeUpdate();
        }
      }
    }
    execute(connection, "CREATE INDEX entries_by_tag ON entry_tag(tag)");
    execute(connection, "COMMIT");
  }

  private static String format(Instant time) {
    return TIME.format(time);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
