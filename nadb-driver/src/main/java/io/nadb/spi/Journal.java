package io.nadb.spi;

import java.io.IOException;

/**
 * Where writes are kept on their way to a backend that may be out of reach, so that they outlive
 * the process until that has them: a log in front of it. The backend forgets what it has by itself,
 * and finds the rest when it is opened anew.
 *
 * <p>Used by one thread at a time, possibly together with any method of the backend.
 *
 * @since 0.1.0
 */
public interface Journal {

  /** Names the place, for people. */
  String place();

  /** Whether so much has come together that all that the backend lacks should be written anew. */
  boolean isLarge();

  /**
   * Keeps writes; they outlive this process when this returns. After this has thrown, the next call
   * must be one with {@code all}.
   *
   * @param cut the writes since the last one that was kept, or all that the backend does not have
   * @param all whether it is all of these: what was kept before means nothing any more
   */
  void append(Cut cut, boolean all) throws IOException;
}
