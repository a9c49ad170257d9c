package io.nadb.internal.metadata;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the tests of this package share. */
final class Fixtures {

  private Fixtures() {}

  static StoredEntry entry(String key, long sequence, String... tags) {
    return expiring(key, sequence, Write.NEVER, tags);
  }

  static StoredEntry expiring(String key, long sequence, long expiresAt, String... tags) {
    return new StoredEntry(
        key, sequence, 10 + (int) sequence, 1000, 1000 + sequence, expiresAt, Set.of(tags));
  }

  static Change.Put put(String namespace, StoredEntry entry) {
    return new Change.Put(namespace, entry);
  }

  static Change.Remove remove(String namespace, String key) {
    return new Change.Remove(namespace, key);
  }

  static Position position(long sequence) {
    return new Position(sequence, 1, 100 * sequence);
  }

  static List<StoredEntry> scan(KeyValueMetadata metadata, String namespace, String prefix)
      throws IOException {
    List<StoredEntry> entries = new ArrayList<>();
    metadata.scan(namespace, prefix, entries::add);
    return entries;
  }

  /** The keys as a scan finds them. */
  static List<String> keys(KeyValueMetadata metadata, String namespace, String prefix)
      throws IOException {
    return scan(metadata, namespace, prefix).stream().map(StoredEntry::key).toList();
  }

  /** What somebody else does to the file with a SQLite tool. */
  static void sql(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }
}
