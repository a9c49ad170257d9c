package io.nadb;

import org.jspecify.annotations.Nullable;

/**
 * A server was not reached, the connection to it was lost, or it can't serve requests now. The
 * store stays open: the next call tries again, on a new connection.
 *
 * @since 0.1.0
 */
public final class NadbConnectionException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final boolean inDoubt;

  /**
   * Creates an exception.
   *
   * @param inDoubt whether the server may have carried out the write that failed
   */
  public NadbConnectionException(String message, @Nullable Throwable cause, boolean inDoubt) {
    super(message, cause);
    this.inDoubt = inDoubt;
  }

  /**
   * Whether the server may have carried out the write that failed, since the connection was lost
   * after it had been sent; false if it certainly has not, or if nothing was to be written.
   */
  public boolean inDoubt() {
    return inDoubt;
  }
}
