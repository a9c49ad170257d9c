package io.nadb.spi;

import java.io.IOException;

/**
 * The cuts that were asked for are not kept any more: compaction has made one of several, or the
 * log does not reach so far.
 *
 * @since 0.1.0
 */
public final class CutsLostException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what became of them. */
  public CutsLostException(String message) {
    super(message);
  }
}
