package io.nadb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The store holds something that no crash of this library leaves behind: in a file of its own, or
 * in a server that other programs write to.
 *
 * @since 0.1.0
 */
public final class CorruptStoreException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Path file;
  private final long offset;

  /** Creates an exception whose message names file, offset and problem. */
  public CorruptStoreException(Path file, long offset, String problem) {
    super(file + ", at offset " + offset + ": " + problem);
    this.file = file;
    this.offset = offset;
  }

  /** Creates an exception for a file that, as a whole, is not what belongs there, or is missing. */
  public CorruptStoreException(Path file, String problem) {
    super(file + ": " + problem);
    this.file = file;
    this.offset = 0;
  }

  /** Creates an exception for what is in no file; the message names the place and the problem. */
  public CorruptStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.file = null;
    this.offset = 0;
  }

  /** The file, or null if the store is in none. */
  public @Nullable Path file() {
    return file;
  }

  /** Where in the file, in bytes from its beginning; 0 also if the file as a whole is meant. */
  public long offset() {
    return offset;
  }
}
