package io.nadb;

/**
 * Another process, or another registry of this one, has the store open.
 *
 * @since 0.1.0
 */
public final class StoreLockedException extends NadbException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the owner. */
  public StoreLockedException(String message) {
    super(message);
  }
}
