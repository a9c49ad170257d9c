package io.nadb.internal.metadata;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An open connection with its prepared statements, used under the owner's lock and thrown away as a
 * whole after any failure: what a connection is worth then depends on what failed and where.
 */
final class Session {
  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private final Connection connection;
  private final boolean begunAnew;
  private final Position position;
  private final EntryReader reader;
  private final EntryWriter writer;

  private Session(Connection connection, boolean begunAnew) throws SQLException {
    this.connection = connection;
    this.begunAnew = begunAnew;
    this.position = Schema.position(connection);
    this.reader = new EntryReader(connection);
    this.writer = new EntryWriter(connection);
  }

  /** Opens the file if it can be used; otherwise deletes it and begins anew. */
  static Session open(Path file, String storeId) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a directory; the metadata database belongs in its place");
    }
    try {
      Session existing = Files.exists(file) ? openExisting(file, storeId) : null;
      return existing != null ? existing : create(file, storeId);
    } catch (SQLException e) {
      throw new IOException(file + ": cannot open the metadata database: " + e.getMessage(), e);
    }
  }

  private static @Nullable Session openExisting(Path file, String storeId) throws SQLException {
    String flaw;
    try {
      Connection connection = Database.connect(file);
      try {
        flaw = Schema.flaw(connection, storeId);
        if (flaw == null) {
          return new Session(connection, false);
        }
        connection.close();
      } catch (SQLException e) {
        Database.close(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      if (!Database.isCorruption(e, file) && !Database.isSqlError(e)) {
        throw e;
      }
      flaw = e.getMessage();
    }
    LOG.log(Level.INFO, "{0}: beginning the metadata database anew: {1}", file, flaw);
    return null;
  }

  private static Session create(Path file, String storeId) throws SQLException, IOException {
    Database.delete(file);
    Connection connection = Database.connect(file);
    try {
      Schema.create(connection, storeId);
      return new Session(connection, true);
    } catch (SQLException e) {
      Database.close(connection, e);
      throw e;
    }
  }

  /** Whether nothing of an earlier session was left. */
  boolean begunAnew() {
    return begunAnew;
  }

  /** How far the projection had come when this was opened. */
  Position position() {
    return position;
  }

  EntryReader reader() {
    return reader;
  }

  EntryWriter writer() {
    return writer;
  }

  /** Closes; what is uncommitted is rolled back. */
  void close() throws SQLException {
    connection.close();
  }

  /**
   * Writes the WAL back and closes. On a full disk the WAL stays: nothing is lost, the next one to
   * open the file reads it.
   */
  void closeCleanly() throws SQLException {
    try {
      Database.writeBack(connection);
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "the WAL of the metadata database was not written back", e);
    }
    connection.close();
  }

  void discard(Throwable failure) {
    Database.close(connection, failure);
  }
}
