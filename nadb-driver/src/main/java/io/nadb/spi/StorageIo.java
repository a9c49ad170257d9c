package io.nadb.spi;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Every change that the fs engine makes to the disk goes through here, so that tests can make it
 * fail, stall, or forget what was not synced.
 *
 * <p>{@code metadata.db} is SQLite's own business, and so are {@code nadb.lock} and {@code
 * nadb.owner} the lock's; a store can lose any of them without losing data.
 *
 * @since 0.1.0
 */
public interface StorageIo {

  /** Returns the machine's own file system. */
  static StorageIo system() {
    return SystemStorageIo.INSTANCE;
  }

  /**
   * Creates a new file of {@code length} zero bytes, to be written from the beginning.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it exists
   */
  Output create(Path file, long length) throws IOException;

  /**
   * Opens a file to go on writing at {@code position}, sets its length, and forgets what was after.
   */
  Output open(Path file, long position, long length) throws IOException;

  /**
   * Opens a file to write over what it has from {@code position} on, and cuts it at {@code length};
   * up to there, nothing that is not written over changes.
   */
  Output rewrite(Path file, long position, long length) throws IOException;

  /**
   * Makes durable what a file has by now, whoever has written it, without changing anything; for
   * readers, who may not be allowed to write.
   */
  void sync(Path file) throws IOException;

  /** Creates a directory; whether it exists already is the caller's to know. */
  void createDirectory(Path directory) throws IOException;

  /** Renames a file, replacing the target, or a directory, atomically. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file another name, with which it stays the same file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name exists
   * @throws UnsupportedOperationException if the file system knows no such names
   */
  void link(Path existing, Path link) throws IOException;

  /** Deletes a file, or an empty directory, if it exists. */
  void delete(Path file) throws IOException;

  /** Makes creations, renames and deletions in a directory durable. */
  void syncDirectory(Path directory) throws IOException;

  /**
   * A file being written; used by one thread at a time, and immune to that thread's interruption.
   */
  interface Output extends AutoCloseable {

    /** Writes all of the given bytes at the current position, and moves it. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Makes the file's content durable. */
    void sync() throws IOException;

    /** Cuts the file, or extends it by zeros, to {@code length} bytes. */
    void setLength(long length) throws IOException;

    /** Closes the file without syncing it. */
    @Override
    void close() throws IOException;
  }
}
