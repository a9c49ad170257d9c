package io.nadb.internal.metadata;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The statements that change entries. Many rows go into one statement, as a statement costs more
 * than a row; {@link Schema}'s triggers keep the table of tags.
 */
final class EntryWriter {
  private static final int ROWS = 64;
  private static final int COLUMNS = 8;

  private final Connection connection;
  private final PreparedStatement namespace;
  private final PreparedStatement putMany;
  private final PreparedStatement put;
  private final PreparedStatement delete;
  private final PreparedStatement advance;

  EntryWriter(Connection connection) throws SQLException {
    this.connection = connection;
    // An update that changes nothing, for the sake of the id.
    namespace =
        connection.prepareStatement(
            "INSERT INTO namespaces(name) VALUES (?)"
                + " ON CONFLICT(name) DO UPDATE SET name = excluded.name RETURNING id");
    putMany = connection.prepareStatement(put(ROWS));
    put = connection.prepareStatement(put(1));
    delete = connection.prepareStatement("DELETE FROM entries WHERE namespace_id = ? AND key = ?");
    advance =
        connection.prepareStatement(
            "UPDATE projection SET sequence = ?, segment = ?, \"offset\" = ?, mark = ?");
  }

  private static String put(int rows) {
    String row = "(" + "?, ".repeat(COLUMNS - 1) + "?)";
    return "INSERT INTO entries(namespace_id, key, size, created, updated, expires_at, sequence,"
        + " tags) VALUES "
        + (row + ", ").repeat(rows - 1)
        + row
        + " ON CONFLICT(namespace_id, key) DO UPDATE SET size = excluded.size, created ="
        + " excluded.created, updated = excluded.updated, expires_at = excluded.expires_at,"
        + " sequence = excluded.sequence, tags = excluded.tags";
  }

  /** Applies all of it in one transaction. After a failure the connection must be discarded. */
  void apply(List<MetadataChange> changes, Progress upTo) throws SQLException {
    Map<String, Map<String, MetadataChange>> latest = latestByKey(changes);
    Database.execute(connection, "BEGIN IMMEDIATE");
    for (Map.Entry<String, Map<String, MetadataChange>> each : latest.entrySet()) {
      applyTo(id(each.getKey()), each.getValue());
    }
    advance(upTo);
    Database.execute(connection, "COMMIT");
  }

  /** Only the last change of a key matters. In key order, which touches each page once. */
  private static Map<String, Map<String, MetadataChange>> latestByKey(
      List<MetadataChange> changes) {
    Map<String, Map<String, MetadataChange>> latest = new TreeMap<>();
    for (MetadataChange change : changes) {
      latest.computeIfAbsent(change.namespace(), name -> new TreeMap<>()).put(change.key(), change);
    }
    return latest;
  }

  private void applyTo(long namespaceId, Map<String, MetadataChange> changes) throws SQLException {
    StoredEntry[] waiting = new StoredEntry[ROWS];
    int count = 0;
    for (MetadataChange change : changes.values()) {
      if (change instanceof MetadataChange.Put entry) {
        waiting[count++] = entry.entry();
        if (count == ROWS) {
          putAll(namespaceId, waiting);
          count = 0;
        }
      } else {
        delete.setLong(1, namespaceId);
        delete.setString(2, change.key());
        delete.executeUpdate();
      }
    }
    for (int i = 0; i < count; i++) {
      bind(put, 0, namespaceId, waiting[i]);
      put.executeUpdate();
    }
  }

  private void putAll(long namespaceId, StoredEntry[] entries) throws SQLException {
    for (int i = 0; i < ROWS; i++) {
      bind(putMany, i * COLUMNS, namespaceId, entries[i]);
    }
    putMany.executeUpdate();
  }

  private static void bind(
      PreparedStatement statement, int before, long namespaceId, StoredEntry entry)
      throws SQLException {
    statement.setLong(before + 1, namespaceId);
    statement.setString(before + 2, entry.key());
    statement.setInt(before + 3, entry.size());
    statement.setLong(before + 4, entry.created());
    statement.setLong(before + 5, entry.updated());
    if (entry.expiresAt() == Write.NEVER) {
      statement.setNull(before + 6, Types.BIGINT);
    } else {
      statement.setLong(before + 6, entry.expiresAt());
    }
    statement.setLong(before + 7, entry.sequence());
    statement.setString(before + 8, TagText.of(entry.tags()));
  }

  private long id(String name) throws SQLException {
    namespace.setString(1, name);
    try (ResultSet rows = namespace.executeQuery()) {
      if (!rows.next()) {
        throw Database.corrupt("a namespace has no id");
      }
      return rows.getLong(1);
    }
  }

  private void advance(Progress position) throws SQLException {
    advance.setLong(1, position.sequence());
    advance.setLong(2, position.segment());
    advance.setLong(3, position.offset());
    advance.setLong(4, position.mark());
    if (advance.executeUpdate() != 1) {
      throw Database.corrupt("the table projection does not have one row");
    }
  }
}
