package io.nadb;

/**
 * Changes that somebody wants to go on from are not kept any more, or never were in this store.
 * Nothing later is given in their place: a copy that is kept up to date by them has to be made
 * anew.
 *
 * @since 0.1.0
 */
public final class ChangesLostException extends NadbException {
  private static final long serialVersionUID = 1L;

  private final String oldest;

  /**
   * Creates an exception.
   *
   * @param oldest the bookmark from which on all changes can be had
   */
  public ChangesLostException(String message, String oldest) {
    super(message);
    this.oldest = oldest;
  }

  /**
   * The bookmark from which on all changes of the store can be had. Whoever goes on from there has
   * missed what came before.
   */
  public String oldest() {
    return oldest;
  }
}
