package io.nadb.internal.metadata;

import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The statements that change entries.
 *
 * <p>An entry costs one statement, and one more for each tag when it is new; three more when its
 * tags change, and one for each tag lost or won. A row's id is chosen here, so the id that {@link
 * #UPSERT} returns tells a new row (that id) from one that was replaced with its tags unchanged
 * (another) from one whose tags differ and which it has left alone (none).
 */
final class EntryWriter {
  private static final String UPSERT =
      "INSERT INTO entries(id, namespace_id, key, size, created, updated, expires_at, sequence,"
          + " tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(namespace_id, key) DO UPDATE SET"
          + " size = excluded.size, created = excluded.created, updated = excluded.updated,"
          + " expires_at = excluded.expires_at, sequence = excluded.sequence WHERE entries.tags IS"
          + " excluded.tags RETURNING id";

  private final Connection connection;
  private final PreparedStatement nextId;
  private final PreparedStatement namespace;
  private final PreparedStatement upsert;
  private final PreparedStatement find;
  private final PreparedStatement setTags;
  private final PreparedStatement delete;
  private final PreparedStatement addTag;
  private final PreparedStatement removeTag;
  private final PreparedStatement advance;

  EntryWriter(Connection connection) throws SQLException {
    this.connection = connection;
    nextId = connection.prepareStatement("SELECT coalesce(max(id), 0) + 1 FROM entries");
    // An update that changes nothing, for the sake of the id.
    namespace =
        connection.prepareStatement(
            "INSERT INTO namespaces(name) VALUES (?)"
                + " ON CONFLICT(name) DO UPDATE SET name = excluded.name RETURNING id");
    upsert = connection.prepareStatement(UPSERT);
    find =
        connection.prepareStatement(
            "SELECT id, tags FROM entries WHERE namespace_id = ? AND key = ?");
    setTags = connection.prepareStatement("UPDATE entries SET tags = ? WHERE id = ?");
    delete =
        connection.prepareStatement(
            "DELETE FROM entries WHERE namespace_id = ? AND key = ? RETURNING id, tags");
    addTag =
        connection.prepareStatement(
            "INSERT INTO entry_tags(namespace_id, tag, entry_id) VALUES (?, ?, ?)");
    removeTag =
        connection.prepareStatement(
            "DELETE FROM entry_tags WHERE namespace_id = ? AND tag = ? AND entry_id = ?");
    advance =
        connection.prepareStatement(
            "UPDATE projection SET sequence = ?, segment = ?, \"offset\" = ?");
  }

  /** Applies all of it in one transaction. After a failure the connection must be discarded. */
  void apply(List<Change> changes, Position upTo) throws SQLException {
    Map<String, Map<String, Change>> latest = latestByKey(changes);
    Database.execute(connection, "BEGIN IMMEDIATE");
    long id = id(nextId);
    for (Map.Entry<String, Map<String, Change>> each : latest.entrySet()) {
      namespace.setString(1, each.getKey());
      long namespaceId = id(namespace);
      for (Change change : each.getValue().values()) {
        if (change instanceof Change.Put put) {
          id = put(id, namespaceId, put.entry());
        } else {
          remove(namespaceId, change.key());
        }
      }
    }
    advance(upTo);
    Database.execute(connection, "COMMIT");
  }

  /** Only the last change of a key matters. In key order, which touches each page once. */
  private static Map<String, Map<String, Change>> latestByKey(List<Change> changes) {
    Map<String, Map<String, Change>> latest = new TreeMap<>();
    for (Change change : changes) {
      latest.computeIfAbsent(change.namespace(), name -> new TreeMap<>()).put(change.key(), change);
    }
    return latest;
  }

  /** Returns the next free id. */
  private long put(long id, long namespaceId, StoredEntry entry) throws SQLException {
    @Nullable String tags = TagText.of(entry.tags());
    long row = upsert(id, namespaceId, entry, tags);
    if (row == 0) {
      retag(namespaceId, entry, tags);
      row = upsert(id, namespaceId, entry, tags);
    }
    if (row != id) {
      return id;
    }
    updateTags(addTag, namespaceId, entry.tags(), id);
    return id + 1;
  }

  private long upsert(long id, long namespaceId, StoredEntry entry, @Nullable String tags)
      throws SQLException {
    upsert.setLong(1, id);
    upsert.setLong(2, namespaceId);
    upsert.setString(3, entry.key());
    upsert.setInt(4, entry.size());
    upsert.setLong(5, entry.created());
    upsert.setLong(6, entry.updated());
    if (entry.expiresAt() == Write.NEVER) {
      upsert.setNull(7, Types.BIGINT);
    } else {
      upsert.setLong(7, entry.expiresAt());
    }
    upsert.setLong(8, entry.sequence());
    upsert.setString(9, tags);
    return id(upsert);
  }

  /** Gives the row of an entry the tags that the entry has now. */
  private void retag(long namespaceId, StoredEntry entry, @Nullable String text)
      throws SQLException {
    find.setLong(1, namespaceId);
    find.setString(2, entry.key());
    long id;
    Set<String> before;
    try (ResultSet rows = find.executeQuery()) {
      if (!rows.next()) {
        throw Database.corrupt("the index of keys and the entries disagree", null);
      }
      id = rows.getLong(1);
      before = TagText.parse(rows.getString(2));
    }
    updateTags(removeTag, namespaceId, without(before, entry.tags()), id);
    updateTags(addTag, namespaceId, without(entry.tags(), before), id);
    setTags.setString(1, text);
    setTags.setLong(2, id);
    setTags.executeUpdate();
  }

  private static Set<String> without(Set<String> tags, Set<String> others) {
    Set<String> rest = new LinkedHashSet<>(tags);
    rest.removeAll(others);
    return rest;
  }

  private void remove(long namespaceId, String key) throws SQLException {
    delete.setLong(1, namespaceId);
    delete.setString(2, key);
    long id;
    Set<String> tags;
    try (ResultSet rows = delete.executeQuery()) {
      if (!rows.next()) {
        return;
      }
      id = rows.getLong(1);
      tags = TagText.parse(rows.getString(2));
    }
    updateTags(removeTag, namespaceId, tags, id);
  }

  private static void updateTags(
      PreparedStatement statement, long namespaceId, Set<String> tags, long entryId)
      throws SQLException {
    for (String tag : tags) {
      statement.setLong(1, namespaceId);
      statement.setString(2, tag);
      statement.setLong(3, entryId);
      if (statement.executeUpdate() != 1) {
        throw Database.corrupt("tag " + tag + " is not where it should be", null);
      }
    }
  }

  private void advance(Position position) throws SQLException {
    advance.setLong(1, position.sequence());
    advance.setLong(2, position.segment());
    advance.setLong(3, position.offset());
    if (advance.executeUpdate() != 1) {
      throw Database.corrupt("the table projection is empty", null);
    }
  }

  /** The one number that the statement returns, or 0 if it returns none. */
  private static long id(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
