package io.nadb.internal.metadata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables of {@code metadata.db}.
 *
 * <pre>
 * projection            one row: whose projection this is, and how far it has come
 *   store_id, format, sequence, segment, "offset", mark
 *
 * namespaces            entries                              entry_tags
 *   id  &lt;───────────┐     id  &lt;───────────────────────┐         namespace_id ┐
 *   name unique     └──── namespace_id ┐ unique      │         tag          ├ primary key
 *                         key          ┘             └──────── entry_id     ┘
 *                         size, sequence
 *                         created, updated           milliseconds since 1970
 *                         expires_at                 the same; null: never
 *                         tags                       sorted JSON array; null: none
 *
 * For people: the views
 *   entry(namespace, key, size, created, updated, expires_at, sequence, tags)    times in UTC
 *   entry_tag(namespace, tag, key)
 * </pre>
 *
 * <p>{@code SELECT * FROM entry WHERE key LIKE 'user:%'} works in any SQLite tool, also while the
 * store is in use. Flushed writes that no idle moment has brought here yet may be missing: see
 * {@code projection}.
 *
 * <p>An entry's tags are in two places. The text in its row is what is written; triggers keep
 * {@code entry_tags}, which finds the entries that have a tag, in line with it. Tags are spelt out
 * rather than numbered: measured, a dictionary of tags saves neither time nor space, and leaves
 * behind names that nobody uses.
 *
 * <p>The views join with CROSS JOIN, which keeps the order of the tables: with the few namespaces
 * first, a query for a key or a tag alone can use the index.
 */
final class Schema {
  private static final int FORMAT = 3;

  private static final String ADD_TAGS =
      " INSERT OR IGNORE INTO entry_tags SELECT NEW.namespace_id, value, NEW.id"
          + " FROM json_each(NEW.tags);";

  private static final String REMOVE_TAGS =
      " DELETE FROM entry_tags WHERE namespace_id = OLD.namespace_id AND entry_id = OLD.id"
          + " AND tag IN (SELECT value FROM json_each(OLD.tags));";

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE projection(store_id TEXT NOT NULL, format INTEGER NOT NULL,"
              + " sequence INTEGER NOT NULL, segment INTEGER NOT NULL, \"offset\" INTEGER NOT NULL,"
              + " mark INTEGER NOT NULL)"
              + " STRICT",
          "CREATE TABLE namespaces(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
          "CREATE TABLE entries(id INTEGER PRIMARY KEY, namespace_id INTEGER NOT NULL,"
              + " key TEXT NOT NULL, size INTEGER NOT NULL, created INTEGER NOT NULL,"
              + " updated INTEGER NOT NULL, expires_at INTEGER, sequence INTEGER NOT NULL,"
              + " tags TEXT, UNIQUE(namespace_id, key)) STRICT",
          "CREATE TABLE entry_tags(namespace_id INTEGER NOT NULL, tag TEXT NOT NULL,"
              + " entry_id INTEGER NOT NULL, PRIMARY KEY(namespace_id, tag, entry_id))"
              + " STRICT, WITHOUT ROWID",
          "CREATE TRIGGER entry_added AFTER INSERT ON entries WHEN NEW.tags IS NOT NULL BEGIN"
              + ADD_TAGS
              + " END",
          "CREATE TRIGGER entry_changed AFTER UPDATE OF tags ON entries"
              + " WHEN OLD.tags IS NOT NEW.tags BEGIN"
              + REMOVE_TAGS
              + ADD_TAGS
              + " END",
          "CREATE TRIGGER entry_removed AFTER DELETE ON entries WHEN OLD.tags IS NOT NULL BEGIN"
              + REMOVE_TAGS
              + " END",
          "CREATE VIEW entry AS SELECT n.name AS namespace, e.key, e.size, "
              + utc("created")
              + utc("updated")
              + utc("expires_at")
              + "e.sequence, coalesce(e.tags, '[]') AS tags"
              + " FROM namespaces n CROSS JOIN entries e ON e.namespace_id = n.id",
          "CREATE VIEW entry_tag AS SELECT n.name AS namespace, t.tag, e.key"
              + " FROM namespaces n CROSS JOIN entry_tags t ON t.namespace_id = n.id"
              + " CROSS JOIN entries e ON e.id = t.entry_id");

  private Schema() {}

  private static String utc(String column) {
    return "strftime('%Y-%m-%d %H:%M:%f', e."
        + column
        + " / 1000.0, 'unixepoch') AS "
        + column
        + ", ";
  }

  /** Makes the tables of a new file, in one transaction. */
  static void create(Connection connection, String storeId) throws SQLException {
    Database.execute(connection, "BEGIN IMMEDIATE");
    for (String statement : STATEMENTS) {
      Database.execute(connection, statement);
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO projection VALUES (?, ?, 0, 0, 0, 0)")) {
      insert.setString(1, storeId);
      insert.setInt(2, FORMAT);
      insert.executeUpdate();
    }
    Database.execute(connection, "COMMIT");
  }

  /**
   * Returns why the file cannot be used, or null if it can.
   *
   * <p>This looks at definitions only. SQLite's {@code quick_check} reads the whole file, so
   * opening would become slower with every key; it finds damage that SQLite reports as soon as it
   * gets there, and not the kind it never notices (a changed digit in a row).
   */
  static @Nullable String flaw(Connection connection, String storeId) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT format, store_id FROM projection")) {
      if (!rows.next()) {
        return "it does not say whose it is";
      }
      if (rows.getInt(1) != FORMAT) {
        return "its format is " + rows.getInt(1) + ", not " + FORMAT;
      }
      if (!storeId.equals(rows.getString(2))) {
        return "it belongs to another store, " + rows.getString(2);
      }
    }
    Set<String> found = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sql FROM sqlite_schema")) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found.containsAll(STATEMENTS) ? null : "its tables are not what they should be";
  }

  static Progress position(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT sequence, segment, \"offset\", mark FROM projection")) {
      if (!rows.next()) {
        throw Database.corrupt("the table projection is empty");
      }
      return new Progress(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4));
    }
  }
}
