package io.nadb.repair;

import java.nio.file.Path;

/**
 * Something in a store's files that does not count, or is not as it was written. Immutable; later
 * versions may say more.
 *
 * @since 0.1.0
 */
public final class Finding {
  private final Kind kind;
  private final Path file;
  private final long offset;
  private final long bytes;
  private final String what;

  /** What kinds there are. More constants may come. */
  public enum Kind {
    /** What was there is damaged or missing. */
    LOST,
    /** It was written last and never came to an end; it was never acknowledged as durable. */
    CUT_OFF,
    /** It is of another store, or of another moment of this one. */
    STRANGE,
    /** It counts no more: what it held is elsewhere, or was never used. Opening deletes it. */
    USELESS
  }

  Finding(Kind kind, Path file, long offset, long bytes, String what) {
    this.kind = kind;
    this.file = file;
    this.offset = offset;
    this.bytes = bytes;
    this.what = what;
  }

  /** Of what kind it is. */
  public Kind kind() {
    return kind;
  }

  /** The file; it need not exist. */
  public Path file() {
    return file;
  }

  /** Where in the file it begins, in bytes. */
  public long offset() {
    return offset;
  }

  /** How many bytes are meant; 0 if that is not known, or the file as a whole is. */
  public long bytes() {
    return bytes;
  }

  /** What it is, in words. */
  public String what() {
    return what;
  }

  @Override
  public String toString() {
    return file
        + (offset == 0 && bytes == 0 ? "" : ", at offset " + offset)
        + (bytes == 0 ? "" : ", " + bytes + " bytes")
        + ": "
        + what;
  }
}
