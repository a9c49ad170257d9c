package io.nadb;

/**
 * A transaction was not committed, since somebody else has changed what it had read; nothing was
 * written, and it may be run again.
 *
 * @since 0.1.0
 */
public final class ConflictException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final int attempts;

  /**
   * Creates an exception for a transaction.
   *
   * @param key a key that was changed, or one of several
   * @param attempts how often it was tried
   */
  public ConflictException(String message, String key, int attempts) {
    super(message);
    this.key = key;
    this.attempts = attempts;
  }

  /** A key that was changed after the transaction had read it. */
  public String key() {
    return key;
  }

  /** How often the transaction was tried. */
  public int attempts() {
    return attempts;
  }
}
