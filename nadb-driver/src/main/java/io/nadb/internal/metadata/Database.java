package io.nadb.internal.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.jdbc4.JDBC4Connection;

/** Connections to a SQLite file, set up for a projection, and the life of the file itself. */
final class Database {
  /**
   * So long another process that holds a lock is waited for: enough for one that opens or closes
   * the file, little enough for the thread that flushes.
   */
  private static final int BUSY_TIMEOUT_MILLIS = 20;

  private static final int CACHE_KB = 8 * 1024;

  /**
   * The WAL is written back when it has 16 MB: random overwrites then meet in it, and cost a third
   * less than with SQLite's 4 MB.
   */
  private static final int CHECKPOINT_PAGES = 4000;

  private static final int WAL_LIMIT_BYTES = 16 << 20;

  private Database() {}

  /**
   * Opens the file, making it if it isn't there.
   *
   * <ul>
   *   <li>synchronous=NORMAL: no fsync at a commit, only around a checkpoint. A power cut may take
   *       the last commits with it but leaves the file consistent; and as the position is stored in
   *       the same commit as the entries, the projection is then merely older and catches up from
   *       the log.
   *   <li>mmap_size=0: an I/O error in mapped memory would kill the JVM.
   *   <li>The JDBC connection stays in autocommit mode and transactions are explicit statements.
   *       Without autocommit the driver begins transactions behind our back, and after an error
   *       that made SQLite roll back, every statement that follows would be committed by itself.
   * </ul>
   */
  static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setCacheSize(-CACHE_KB);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setJournalSizeLimit(WAL_LIMIT_BYTES);
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
    config.setGetGeneratedKeys(false);
    // As a URI, because the driver takes what follows a '?' in a path for settings. And not through
    // JDBC's DriverManager, not even by the class that registers with it: it would hold on to the
    // class loader of an application that has been taken away.
    String uri = file.toUri().toString();
    Connection connection = new JDBC4Connection("jdbc:sqlite:" + uri, uri, config.toProperties());
    try {
      pragma(connection, "wal_autocheckpoint=" + CHECKPOINT_PAGES);
      require(connection, "journal_mode", "wal");
      require(connection, "synchronous", "1");
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      close(connection, e);
      throw e;
    }
  }

  private static void require(Connection connection, String pragma, String expected)
      throws SQLException {
    String value = pragma(connection, pragma);
    if (!expected.equals(value)) {
      throw new SQLException("SQLite has " + pragma + "=" + value + " here, not " + expected);
    }
  }

  private static @Nullable String pragma(Connection connection, String pragma) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + pragma)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Writes the WAL back, before closing. Doesn't wait for readers in other processes. */
  static void writeBack(Connection connection) throws SQLException {
    pragma(connection, "busy_timeout=0");
    pragma(connection, "wal_checkpoint(TRUNCATE)");
  }

  /** Closes a connection after a failure; what is uncommitted is rolled back. */
  static void close(Connection connection, Throwable failure) {
    try {
      connection.close();
    } catch (SQLException | RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Deletes the file and what belongs to it; no connection of this process may be open. The file
   * goes first: a WAL without its file is worthless to SQLite, a file without its WAL may be torn.
   */
  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
  }

  /** An exception for content that SQLite accepts but that we have never written. */
  static SQLException corrupt(String message) {
    return new SQLException(message, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
  }

  /**
   * Whether the failure says that the file is damaged. Our SQL is sound, so if SQLite doesn't
   * understand it, a table or a text is not what we wrote; and a file is read-only to SQLite, too,
   * if its header asks for a later version.
   */
  static boolean isDamage(SQLException failure, Path file) {
    int code = failure.getErrorCode();
    return code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code
        || code == SQLiteErrorCode.SQLITE_ERROR.code
        || (code == SQLiteErrorCode.SQLITE_READONLY.code && Files.isWritable(file));
  }
}
