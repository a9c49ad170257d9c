package io.nadb.internal.redis;

import io.nadb.KeyOrder;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tags as a JSON array of strings: what people with {@code redis-cli} can read, and scripts too.
 */
final class TagJson {
  private final String text;
  private int at;

  private TagJson(String text) {
    this.text = text;
  }

  /** Writes tags, in their order, so that equal sets have equal texts; an empty text for none. */
  static String write(Set<String> tags) {
    if (tags.isEmpty()) {
      return "";
    }
    StringBuilder json = new StringBuilder("[");
    Set<String> sorted = new TreeSet<>(KeyOrder.INSTANCE);
    sorted.addAll(tags);
    for (String tag : sorted) {
      json.append(json.length() == 1 ? "\"" : ",\"");
      for (int i = 0; i < tag.length(); i++) {
        char c = tag.charAt(i);
        if (c == '"' || c == '\\') {
          json.append('\\').append(c);
        } else if (c < ' ' || c == 0x7f) {
          json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
          json.append(c);
        }
      }
      json.append('"');
    }
    return json.append(']').toString();
  }

  /** Reads tags; null if that is no array of strings. */
  static @Nullable Set<String> read(String json) {
    if (json.isEmpty()) {
      return Set.of();
    }
    try {
      return new TagJson(json).array();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return null;
    }
  }

  private Set<String> array() {
    Set<String> tags = new LinkedHashSet<>();
    expect('[');
    if (peek() == ']') {
      at++;
    } else {
      do {
        tags.add(string());
      } while (separator());
    }
    if (!text.substring(at).isBlank()) {
      throw new IllegalArgumentException();
    }
    return tags;
  }

  /** Whether another element follows. */
  private boolean separator() {
    char c = peek();
    at++;
    if (c != ',' && c != ']') {
      throw new IllegalArgumentException();
    }
    return c == ',';
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      string.append(c == '\\' ? escaped() : c);
    }
    return string.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw new IllegalArgumentException();
    };
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw new IllegalArgumentException();
    }
    at++;
  }

  /** The next character that is no white space. */
  private char peek() {
    while (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return text.charAt(at);
  }
}
