package io.nadb;

import org.jspecify.annotations.Nullable;

/**
 * The backend takes too long: a write gave up waiting for room in the buffer, or a server did not
 * answer in time. The message says which, and whether a write may still be carried out. When there
 * was no room because flushes fail, the cause is why the latest of them did.
 */
public final class NadbTimeoutException extends NadbException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was waited for and how long. */
  public NadbTimeoutException(String message) {
    super(message);
  }

  /** Creates an exception with the failure that led to it. */
  public NadbTimeoutException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
