package io.nadb;

import org.jspecify.annotations.Nullable;

/**
 * The backend takes too long: a write gave up waiting for room in the buffer, or a server did not
 * answer in time. The message says which, and whether a write may still be carried out. When there
 * was no room because flushes fail, the cause is why the latest of them did.
 *
 * @since 0.1.0
 */
public final class NadbTimeoutException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final boolean inDoubt;

  /** Creates an exception that says what was waited for and how long; nothing was written. */
  public NadbTimeoutException(String message) {
    this(message, null, false);
  }

  /** Creates an exception with the failure that led to it; nothing was written. */
  public NadbTimeoutException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  /**
   * Creates an exception with the failure that led to it.
   *
   * @param inDoubt whether the server may have carried out the write that failed, or still may
   */
  public NadbTimeoutException(String message, @Nullable Throwable cause, boolean inDoubt) {
    super(message, cause);
    this.inDoubt = inDoubt;
  }

  /**
   * Whether the server may have carried out the write that failed, or still may, since it had been
   * sent; false if it certainly has not and won't, or if nothing was to be written.
   */
  public boolean inDoubt() {
    return inDoubt;
  }
}
