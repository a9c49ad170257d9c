package io.nadb;

import java.nio.file.Path;

/** A file of the store holds something that no crash of this library leaves behind. */
public final class CorruptStoreException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final long offset;

  /** Creates an exception whose message names file, offset and problem. */
  public CorruptStoreException(Path file, long offset, String problem) {
    super(file + ": " + problem + " at offset " + offset);
    this.file = file;
    this.offset = offset;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Where in the file, in bytes from its beginning. */
  public long offset() {
    return offset;
  }
}
