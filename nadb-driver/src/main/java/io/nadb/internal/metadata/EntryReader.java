package io.nadb.internal.metadata;

import io.nadb.spi.ExpiredKey;
import io.nadb.spi.StoredEntry;
import io.nadb.spi.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The statements that read entries. Each answers from one state of the database. */
final class EntryReader {
  private static final int PAGE_ROWS = 1000;
  private static final int PAGE_CHARS = 1 << 20;

  private static final String COLUMNS =
      "e.key, e.sequence, e.size, e.created, e.updated, coalesce(e.expires_at, "
          + Write.NEVER
          + "), e.tags";
  private static final String NAMESPACE_ID = "(SELECT id FROM namespaces WHERE name = ?1)";

  private final Connection connection;
  private final PreparedStatement range;
  private final PreparedStatement tagCounts;
  private final PreparedStatement expiredTags;
  private final PreparedStatement expired;

  EntryReader(Connection connection) throws SQLException {
    this.connection = connection;
    range =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM entries e WHERE e.namespace_id = "
                + NAMESPACE_ID
                + " AND e.key >= ?2 AND e.key < ?3 ORDER BY e.key");
    tagCounts =
        connection.prepareStatement(
            "SELECT tag, count(*) FROM entry_tags WHERE namespace_id = "
                + NAMESPACE_ID
                + " GROUP BY tag");
    expiredTags =
        connection.prepareStatement(
            "SELECT tags FROM entries INDEXED BY entries_by_expiry WHERE expires_at <= ?2"
                + " AND tags IS NOT NULL AND namespace_id = "
                + NAMESPACE_ID);
    expired =
        connection.prepareStatement(
            "SELECT n.name, e.key, e.sequence FROM entries e INDEXED BY entries_by_expiry"
                + " CROSS JOIN namespaces n ON n.id = e.namespace_id WHERE e.expires_at <= ?2"
                + " AND (?1 IS NULL OR e.namespace_id = "
                + NAMESPACE_ID
                + ") ORDER BY e.expires_at, e.namespace_id, e.id LIMIT ?3");
  }

  /**
   * The first entries of a range, in key order: some if there are any, but not too many. Checks the
   * order: with a damaged index, going on after the last key could go on for ever.
   */
  List<StoredEntry> page(String namespace, KeyRange keys) throws SQLException {
    range.setString(1, namespace);
    range.setString(2, keys.from());
    if (keys.to() == null) {
      // Every BLOB is greater than every TEXT.
      range.setBytes(3, new byte[0]);
    } else {
      range.setString(3, keys.to());
    }
    List<StoredEntry> page = new ArrayList<>();
    int chars = 0;
    String previous = keys.from();
    try (ResultSet rows = range.executeQuery()) {
      while (page.size() < PAGE_ROWS && chars < PAGE_CHARS && rows.next()) {
        StoredEntry entry = entry(rows);
        int order = KeyRange.compare(entry.key(), previous);
        if (order < 0 || (order == 0 && !page.isEmpty())) {
          throw Database.corrupt("keys are not in order", null);
        }
        previous = entry.key();
        page.add(entry);
        chars += entry.key().length();
      }
    }
    return page;
  }

  /** Goes through the entries of the rarest tag, and looks for the other tags at each. */
  List<StoredEntry> tagged(String namespace, Set<String> tags) throws SQLException {
    String anyOfThem =
        IntStream.range(2, 2 + tags.size())
            .mapToObj(parameter -> "?" + parameter)
            .collect(Collectors.joining(", ", " AND tag IN (", ")"));
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM entry_tags t CROSS JOIN entries e ON e.id = t.entry_id WHERE t.namespace_id = "
            + NAMESPACE_ID
            + " AND t.tag = (SELECT tag FROM entry_tags WHERE namespace_id = "
            + NAMESPACE_ID
            + anyOfThem
            + " GROUP BY tag ORDER BY count(*) LIMIT 1) AND (SELECT count(*) FROM entry_tags o"
            + " WHERE o.namespace_id = t.namespace_id AND o.entry_id = t.entry_id"
            + anyOfThem
            + ") = "
            + tags.size()
            + " ORDER BY e.key";
    List<StoredEntry> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, namespace);
      int parameter = 2;
      for (String tag : tags) {
        statement.setString(parameter++, tag);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(entry(rows));
        }
      }
    }
    return found;
  }

  /** Counts in the index alone, and takes off the few that have expired. */
  SortedMap<String, Long> tagCounts(String namespace, long now) throws SQLException {
    SortedMap<String, Long> counts = new TreeMap<>();
    tagCounts.setString(1, namespace);
    try (ResultSet rows = tagCounts.executeQuery()) {
      while (rows.next()) {
        counts.put(rows.getString(1), rows.getLong(2));
      }
    }
    expiredTags.setString(1, namespace);
    expiredTags.setLong(2, now);
    try (ResultSet rows = expiredTags.executeQuery()) {
      while (rows.next()) {
        for (String tag : TagText.parse(rows.getString(1))) {
          counts.computeIfPresent(tag, (same, count) -> count == 1 ? null : count - 1);
        }
      }
    }
    return Collections.unmodifiableSortedMap(counts);
  }

  List<ExpiredKey> expired(@Nullable String namespace, long now, int limit) throws SQLException {
    expired.setString(1, namespace);
    expired.setLong(2, now);
    expired.setInt(3, limit);
    List<ExpiredKey> keys = new ArrayList<>();
    try (ResultSet rows = expired.executeQuery()) {
      while (rows.next()) {
        keys.add(new ExpiredKey(rows.getString(1), rows.getString(2), rows.getLong(3)));
      }
    }
    return keys;
  }

  private static StoredEntry entry(ResultSet row) throws SQLException {
    return new StoredEntry(
        row.getString(1),
        row.getLong(2),
        row.getInt(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        TagText.parse(row.getString(7)));
  }
}
