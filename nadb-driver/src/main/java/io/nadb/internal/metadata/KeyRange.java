package io.nadb.internal.metadata;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The keys with a given prefix as a range in code point order, which is the order of SQLite's TEXT
 * in UTF-8 under BINARY collation.
 *
 * @param from the first key
 * @param to the first key beyond, or null if there is no end
 */
record KeyRange(String from, @Nullable String to) {

  /**
   * The keys that begin with {@code prefix}. Half a surrogate pair at the end stands for all code
   * points that begin with it, as in {@link String#startsWith}.
   */
  static KeyRange of(String prefix) {
    int last = prefix.length() - 1;
    if (last >= 0 && Character.isHighSurrogate(prefix.charAt(last))) {
      return new KeyRange(
          prefix + Character.MIN_LOW_SURROGATE, beyond(prefix + Character.MAX_LOW_SURROGATE));
    }
    return new KeyRange(prefix, beyond(prefix));
  }

  /** Whether no key can be in here, as {@code from} is not something that UTF-8 can express. */
  boolean isEmpty() {
    return !StandardCharsets.UTF_8.newEncoder().canEncode(from);
  }

  /** Compares by code points: a surrogate stands for one beyond all single chars. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        int surrogates = Boolean.compare(Character.isSurrogate(x), Character.isSurrogate(y));
        return surrogates != 0 ? surrogates : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** What is left of this range beyond {@code key}. */
  KeyRange after(String key) {
    return new KeyRange(key + '\0', to);
  }

  /** The first string that is greater than all that begin with {@code prefix}. */
  private static @Nullable String beyond(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return new StringBuilder(prefix)
            .delete(end, prefix.length())
            .appendCodePoint(next)
            .toString();
      }
    }
    return null;
  }
}
