package io.nadb.internal.metadata;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the tests of this package share: changes to write, and plain JDBC to read and meddle. */
final class Fixtures {

  private Fixtures() {}

  static StoredEntry entry(String key, long sequence, String... tags) {
    return expiring(key, sequence, Write.NEVER, tags);
  }

  static StoredEntry expiring(String key, long sequence, long expiresAt, String... tags) {
    return new StoredEntry(
        key, sequence, 10 + (int) sequence, 1000, 1000 + sequence, expiresAt, Set.of(tags));
  }

  static MetadataChange.Put put(String namespace, StoredEntry entry) {
    return new MetadataChange.Put(namespace, entry);
  }

  static MetadataChange.Remove remove(String namespace, String key) {
    return new MetadataChange.Remove(namespace, key);
  }

  static Progress position(long sequence) {
    return new Progress(sequence, 1, 100 * sequence, -sequence);
  }

  static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  /** What somebody else does to the file with a SQLite tool. */
  static void sql(Path file, String... statements) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** The first column that a query gives. */
  static List<String> column(Path file, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  static List<String> keys(Path file, String namespace) throws SQLException {
    return entries(file, namespace).stream().map(StoredEntry::key).toList();
  }

  /** How many entries have each tag, as the view of tags has it. */
  static Map<String, Integer> tagCounts(Path file) throws SQLException {
    Map<String, Integer> counts = new TreeMap<>();
    column(file, "SELECT tag FROM entry_tag").forEach(tag -> counts.merge(tag, 1, Integer::sum));
    return counts;
  }

  /** The entries in key order, each with the tags that the view of tags has for it. */
  static List<StoredEntry> entries(Path file, String namespace) throws SQLException {
    List<StoredEntry> entries = new ArrayList<>();
    try (Connection connection = connect(file);
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT key, sequence, size, created, updated, expires_at FROM entries"
                    + " WHERE namespace_id = (SELECT id FROM namespaces WHERE name = ?)"
                    + " ORDER BY key")) {
      Map<String, Set<String>> tags = tags(connection, namespace);
      statement.setString(1, namespace);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          entries.add(
              new StoredEntry(
                  row.getString(1),
                  row.getLong(2),
                  row.getInt(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getObject(6) == null ? Write.NEVER : row.getLong(6),
                  tags.getOrDefault(row.getString(1), Set.of())));
        }
      }
    }
    return entries;
  }

  private static Map<String, Set<String>> tags(Connection connection, String namespace)
      throws SQLException {
    Map<String, Set<String>> tags = new TreeMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT key, tag FROM entry_tag WHERE namespace = ?")) {
      statement.setString(1, namespace);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          tags.computeIfAbsent(row.getString(1), key -> new TreeSet<>()).add(row.getString(2));
        }
      }
    }
    return tags;
  }
}
