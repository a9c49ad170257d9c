package io.nadb.internal.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the order of a location's writes.
 *
 * <pre>
 *   1-5f0c…e1-1234
 *   │ │       └─ all writes up to this number come before it
 *   │ └───────── the lineage within which the number means something
 *   └─────────── the version of this form
 * </pre>
 */
record Bookmark(String lineage, long sequence) {
  private static final Pattern FORM = Pattern.compile("1-([0-9a-zA-Z]+)-([0-9]{1,18})");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the text is none
   */
  static Bookmark parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no bookmark of a feed of changes; pass what FeedCut.bookmark() or"
              + " ChangeFeed.bookmark(...) has returned, unchanged");
    }
    return new Bookmark(matcher.group(1), Long.parseLong(matcher.group(2)));
  }

  @Override
  public String toString() {
    return "1-" + lineage + "-" + sequence;
  }
}
