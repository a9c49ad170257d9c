package io.nadb;

import java.util.Comparator;

/**
 * The order of keys and tags: that of Unicode code points, which is also that of UTF-8 bytes and of
 * SQLite's text. {@link String#compareTo} differs for characters beyond the basic plane.
 *
 * @since 0.1.0
 */
public enum KeyOrder implements Comparator<String> {
  /** The order. */
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return rank(x) - rank(y);
      }
    }
    return a.length() - b.length();
  }

  /** Surrogates begin code points above all others. */
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }
}
