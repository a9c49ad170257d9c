package io.nadb.internal.metadata;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An entry's tags as the text in its row: a sorted JSON array, so that SQLite's {@code json_each}
 * and people can read it, and equal sets have equal texts; null if there are none.
 */
final class TagText {

  private TagText() {}

  static @Nullable String of(Set<String> tags) {
    if (tags.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    char separator = '[';
    for (String tag : new TreeSet<>(tags)) {
      text.append(separator).append('"');
      for (int i = 0; i < tag.length(); i++) {
        appendEscaped(text, tag.charAt(i));
      }
      text.append('"');
      separator = ',';
    }
    return text.append(']').toString();
  }

  private static void appendEscaped(StringBuilder text, char c) {
    if (c < ' ') {
      text.append("\\u00").append(Character.forDigit(c >> 4, 16));
      text.append(Character.forDigit(c & 0xf, 16));
    } else {
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c);
    }
  }
}
