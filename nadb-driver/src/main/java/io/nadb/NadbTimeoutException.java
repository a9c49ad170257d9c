package io.nadb;

/** A write gave up waiting, because the backend takes data more slowly than it comes. */
public final class NadbTimeoutException extends NadbException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was waited for and how long. */
  public NadbTimeoutException(String message) {
    super(message);
  }
}
