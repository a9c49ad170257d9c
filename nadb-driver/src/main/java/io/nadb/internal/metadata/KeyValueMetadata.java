package io.nadb.internal.metadata;

import io.nadb.internal.failure.Reason;
import io.nadb.internal.report.Logbook;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite projection of the log, open for writing: what is known of each entry, with its tags,
 * up to a position in the log. Nobody here reads it; people do, with any SQLite tool.
 *
 * <p><b>Disposable.</b> All of it comes from the log, so whatever is wrong with the file is cured
 * by beginning anew: {@link #open} does, and {@link #apply} deletes a file that it finds damaged.
 *
 * <p><b>Failure.</b> Trouble of any kind is an {@link IOException} that names the file. Nothing of
 * the failed call has happened, and the connection is closed, since what it is worth then depends
 * on what failed and where: open the file again.
 *
 * <p><b>Threads.</b> One at a time. It never waits long: other processes may read while this
 * writes, and one that holds a write lock makes a call fail within a moment.
 */
public final class KeyValueMetadata implements AutoCloseable {
  private static final Logbook LOG = Logbook.of(KeyValueMetadata.class);

  private final Path file;
  private final Connection connection;
  private final EntryWriter writer;
  private Progress applied;

  private KeyValueMetadata(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    this.applied = Schema.position(connection);
    this.writer = new EntryWriter(connection);
  }

  /**
   * Opens or creates the file. One that is damaged, of another store or of another format is
   * deleted and begun anew; {@link #applied()} is then {@link Progress#NONE}.
   */
  public static KeyValueMetadata open(Path file, String storeId) throws IOException {
    Path absolute = file.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      throw new IOException(
          absolute + " is a directory; the metadata database belongs in its place");
    }
    try {
      KeyValueMetadata existing = Files.exists(absolute) ? openExisting(absolute, storeId) : null;
      return existing != null ? existing : create(absolute, storeId);
    } catch (SQLException e) {
      throw new IOException(absolute + ": cannot open the metadata database: " + Reason.of(e), e);
    }
  }

  private static @Nullable KeyValueMetadata openExisting(Path file, String storeId)
      throws SQLException {
    String flaw;
    try {
      Connection connection = Database.connect(file);
      try {
        flaw = Schema.flaw(connection, storeId);
        if (flaw == null) {
          return new KeyValueMetadata(file, connection);
        }
        connection.close();
      } catch (SQLException | RuntimeException | Error e) {
        Database.close(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      if (!Database.isDamage(e, file)) {
        throw e;
      }
      flaw = e.getMessage();
    }
    LOG.log(Level.INFO, "{0}: beginning the metadata database anew: {1}", file, flaw);
    return null;
  }

  private static KeyValueMetadata create(Path file, String storeId)
      throws SQLException, IOException {
    Database.delete(file);
    Connection connection = Database.connect(file);
    try {
      Schema.create(connection, storeId);
      return new KeyValueMetadata(file, connection);
    } catch (SQLException | RuntimeException | Error e) {
      Database.close(connection, e);
      throw e;
    }
  }

  /** How far the projection has come. */
  public Progress applied() {
    return applied;
  }

  /**
   * Applies changes, in order, and advances to {@code upTo}: all of it or nothing. Applying again
   * what was applied before changes nothing.
   */
  public void apply(List<MetadataChange> changes, Progress upTo) throws IOException {
    try {
      writer.apply(changes, upTo);
      applied = upTo;
    } catch (SQLException e) {
      Database.close(connection, e);
      IOException failure =
          new IOException(file + ": the metadata database failed: " + Reason.of(e), e);
      if (Database.isDamage(e, file)) {
        deleteAfter(failure);
      }
      throw failure;
    } catch (RuntimeException | Error e) {
      Database.close(connection, e);
      throw e;
    }
  }

  private void deleteAfter(IOException failure) {
    try {
      Database.delete(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Closes the file and deletes it: whoever opens it next begins anew. */
  public void delete() throws IOException {
    closeConnection();
    Database.delete(file);
  }

  /**
   * Writes everything back into the one file and closes it. On a full disk the WAL stays: nothing
   * is lost, the next one to open the file reads it. Does nothing the second time, or after a
   * failure.
   */
  @Override
  public void close() throws IOException {
    try {
      if (!connection.isClosed()) {
        Database.writeBack(connection);
      }
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, file + ": the WAL of the metadata database was not written back", e);
    } finally {
      closeConnection();
    }
  }

  private void closeConnection() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(file + ": the metadata database failed: " + Reason.of(e), e);
    }
  }
}
