package io.nadb;

/**
 * A URL, or an option given beside it, that can't be used; the message shows what and where.
 *
 * @since 0.1.0
 */
public final class NadbUrlException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception; {@code message} must hold no credential. */
  public NadbUrlException(String message) {
    super(message);
  }
}
