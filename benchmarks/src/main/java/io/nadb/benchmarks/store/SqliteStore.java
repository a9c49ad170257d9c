package io.nadb.benchmarks.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * SQLite by sqlite-jdbc: WAL, {@code synchronous=FULL}, prepared statements, and tables clustered
 * by key ({@code WITHOUT ROWID}) as long as rows are small, with an index beside them if not. One
 * connection writes, and each thread that reads beside it has its own.
 */
final class SqliteStore extends TableStore {
  private static final int CLUSTERED_UP_TO = 200;

  private final String url;
  private final Connection connection;
  private final Tables<Statements> tables;
  private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Tables<Statements>> readers;
  private final boolean shared;
  private boolean inBatch;

  /** The prepared statements of a table. */
  private record Statements(
      PreparedStatement get,
      PreparedStatement put,
      PreparedStatement remove,
      PreparedStatement scan) {}

  SqliteStore(Setup setup) {
    super(setup, true);
    Path file = setup.directory().resolve("store.db");
    url = "jdbc:sqlite:" + file;
    shared = setup.shared();
    try {
      connection = connect();
      try (Statement statement = connection.createStatement()) {
        for (Table table : Table.values()) {
          boolean clustered = table != Table.ENTRIES || setup.valueBytes() <= CLUSTERED_UP_TO;
          statement.execute(
              "CREATE TABLE IF NOT EXISTS "
                  + table
                  + (clustered
                      ? "(k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID"
                      : "(id INTEGER PRIMARY KEY, k BLOB NOT NULL UNIQUE, v BLOB NOT NULL)"));
        }
      }
      tables = prepare(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    readers = ThreadLocal.withInitial(this::newReader);
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.put("journal_mode", "WAL");
    properties.put("synchronous", "FULL");
    properties.put("cache_size", String.valueOf(-(Setup.CACHE_BYTES >> 10)));
    properties.put("jdbc.get_generated_keys", "false");
    Connection made = DriverManager.getConnection(url, properties);
    try (Statement statement = made.createStatement()) {
      // Every tenth megabyte rather than every fourth: pages that changed twice are written once.
      statement.execute("PRAGMA wal_autocheckpoint=2500");
    }
    return made;
  }

  private static Tables<Statements> prepare(Connection connection) throws SQLException {
    List<Statements> prepared = new ArrayList<>();
    for (Table table : Table.values()) {
      prepared.add(
          new Statements(
              connection.prepareStatement("SELECT v FROM " + table + " WHERE k=?"),
              connection.prepareStatement(
                  "INSERT INTO "
                      + table
                      + "(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v=excluded.v"),
              connection.prepareStatement("DELETE FROM " + table + " WHERE k=?"),
              connection.prepareStatement("SELECT k, v FROM " + table + " WHERE k>=? ORDER BY k")));
    }
    return new Tables<>(prepared.get(0), prepared.get(1), prepared.get(2));
  }

  private Tables<Statements> newReader() {
    try {
      Connection made = connect();
      connections.add(made);
      return prepare(made);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Statements reading(Table table) {
    return (shared ? readers.get() : tables).get(table);
  }

  @Override
  byte @Nullable [] read(Table table, byte[] key) {
    PreparedStatement get = reading(table).get;
    try {
      get.setBytes(1, key);
      try (ResultSet rows = get.executeQuery()) {
        return rows.next() ? rows.getBytes(1) : null;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void begin() throws SQLException {
    if (!inBatch) {
      execute("BEGIN IMMEDIATE");
      inBatch = true;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  void write(Table table, byte[] key, byte[] value) {
    PreparedStatement put = tables.get(table).put;
    try {
      begin();
      put.setBytes(1, key);
      put.setBytes(2, value);
      put.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void remove(Table table, byte[] key) {
    PreparedStatement remove = tables.get(table).remove;
    try {
      begin();
      remove.setBytes(1, key);
      remove.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void scan(Table table, byte[] from, boolean values, Visitor visitor) {
    PreparedStatement scan = reading(table).scan;
    byte[] none = {};
    try {
      scan.setBytes(1, from);
      try (ResultSet rows = scan.executeQuery()) {
        while (rows.next() && visitor.visit(rows.getBytes(1), values ? rows.getBytes(2) : none)) {
          // The visitor does it all.
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void commit() {
    try {
      if (inBatch) {
        execute("COMMIT");
        inBatch = false;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    commit();
    try {
      for (Connection reader : connections) {
        reader.close();
      }
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
