package io.nadb.spi;

import java.io.IOException;

/**
 * A backend's location is no longer its own: it was deleted, moved or replaced, or somebody else
 * has taken it. Nothing may be written there, and what was written may be gone.
 *
 * @since 0.1.0
 */
public final class LocationLostException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was found in place of what, and what to do. */
  public LocationLostException(String message) {
    super(message);
  }
}
