package io.nadb.internal.url;

import io.nadb.NadbUrlException;

/** Where a text was given, so that a mistake in it can be shown. */
interface Place {

  /**
   * Describes a mistake.
   *
   * @param from where the mistake starts in the text
   * @param to where it ends
   * @param what what is wrong; the place is written behind it
   * @param rest what follows the place
   * @param after lines below the URL, may be empty
   */
  NadbUrlException fault(int from, int to, String what, String rest, String after);

  /** Describes a mistake with nothing below the URL. */
  default NadbUrlException fault(int from, int to, String what, String rest) {
    return fault(from, to, what, rest, "");
  }

  /** The place of an option that was given beside the URL: there is nothing to point at. */
  static Place beside(ShownUrl url) {
    return (from, to, what, rest, after) ->
        new NadbUrlException(
            what
                + " (given beside the URL)"
                + rest
                + ("\n  " + url)
                + (after.isEmpty() ? "" : "\n" + after));
  }
}
