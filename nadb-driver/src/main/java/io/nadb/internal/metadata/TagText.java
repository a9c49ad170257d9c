package io.nadb.internal.metadata;

import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashSet;
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

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws SQLException as for a corrupt database, if it is anything else
   */
  static Set<String> parse(@Nullable String text) throws SQLException {
    if (text == null) {
      return Set.of();
    }
    Set<String> tags = new LinkedHashSet<>();
    try {
      int at = 0;
      while (at < text.length() - 1) {
        require(text.charAt(at) == (at == 0 ? '[' : ',') && text.charAt(at + 1) == '"', text);
        StringBuilder tag = new StringBuilder();
        for (at += 2; text.charAt(at) != '"'; at++) {
          char c = text.charAt(at);
          if (c == '\\') {
            c = text.charAt(++at);
            if (c == 'u') {
              c = (char) Integer.parseInt(text, at + 1, at + 5, 16);
              at += 4;
            }
          }
          tag.append(c);
        }
        at++;
        tags.add(tag.toString());
      }
      require(text.length() == at + 1 && text.charAt(at) == ']', text);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw Database.corrupt("the tags of an entry are " + text, e);
    }
    return Collections.unmodifiableSet(tags);
  }

  private static void require(boolean condition, String text) throws SQLException {
    if (!condition) {
      throw Database.corrupt("the tags of an entry are " + text, null);
    }
  }
}
