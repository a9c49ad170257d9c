package io.nadb.internal.log.format;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is in a file of the log, to be read from any offset by any number of threads.
 *
 * <p>What can't be read ends as a {@link io.nadb.NadbException}, or as the {@link InternalError}
 * that the JVM makes of a page of a map.
 */
public interface Content {

  /** Copies bytes, all of which the file must have. */
  void get(long offset, byte[] to, int at, int length);

  /** Reads one byte. */
  byte byteAt(long offset);

  /** Reads four bytes as a number. */
  int intAt(long offset);

  /**
   * Throws what the JVM has still to tell of reads by this thread that have failed. A page of a map
   * that can't be read gives any bytes at first, and the error comes later; so this is called
   * before anything is concluded from bytes that do not fit, and after reading more than is needed.
   *
   * @throws InternalError if a page could not be read
   */
  void checkReads();

  /** Is told the file's new name. */
  void renamed(Path to);

  /** Sees to it that the file can be read after it has lost its name, which it is about to. */
  void detach() throws IOException;

  /** Gives back what reading needs, once; nobody may be reading. */
  void close();
}
