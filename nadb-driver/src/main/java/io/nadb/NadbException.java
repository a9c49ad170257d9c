package io.nadb;

import org.jspecify.annotations.Nullable;

/**
 * The world failed: a disk, a server, a file that is not what it should be.
 *
 * @since 0.1.0
 */
public class NadbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception without a cause. */
  public NadbException(String message) {
    super(message);
  }

  /** Creates an exception with the failure that led to it. */
  public NadbException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
