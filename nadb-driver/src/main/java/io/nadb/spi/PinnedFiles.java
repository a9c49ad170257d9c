package io.nadb.spi;

import java.nio.file.Path;

/**
 * The files of a store as they are at one flush boundary: they can be read until this is closed,
 * whatever is written and compacted meanwhile.
 *
 * @since 0.1.0
 */
public interface PinnedFiles extends AutoCloseable {

  /** The directory that they are in. */
  Path directory();

  /** The number of the last write that is in them. */
  long sequence();

  /** Lets go of them; a second call does nothing. */
  @Override
  void close();
}
