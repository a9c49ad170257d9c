package io.nadb.cli.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON in one line; a library for it would be most of the time of a start.
 *
 * @since 0.1.0
 */
public final class JsonText {
  private final StringBuilder text = new StringBuilder();

  private JsonText() {}

  /**
   * Writes a value: null, a truth value, a number, a text, an enum's constant in lower case, a time
   * as ISO 8601, a duration in milliseconds, an optional one, a map by its keys' texts, or a
   * series.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static String of(@Nullable Object value) {
    JsonText json = new JsonText();
    json.write(value);
    return json.text.toString();
  }

  private void write(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof Optional<?> optional) {
      write(optional.orElse(null));
    } else if (value instanceof Number number) {
      number(number);
    } else if (value instanceof Duration duration) {
      text.append(duration.toMillis());
    } else if (value instanceof Enum<?> constant) {
      string(constant.name().toLowerCase(Locale.ROOT));
    } else if (value instanceof CharSequence || value instanceof Instant) {
      string(value.toString());
    } else if (value instanceof Map<?, ?> map) {
      map(map);
    } else if (value instanceof Iterable<?> series) {
      series(series);
    } else {
      throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
    }
  }

  private void number(Number number) {
    // Only fractions can be what JSON has no number for.
    text.append(Double.isFinite(number.doubleValue()) ? number : "null");
  }

  private void map(Map<?, ?> map) {
    char before = '{';
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(before);
      string(String.valueOf(entry.getKey()));
      text.append(':');
      write(entry.getValue());
      before = ',';
    }
    text.append(map.isEmpty() ? "{}" : "}");
  }

  private void series(Iterable<?> series) {
    text.append('[');
    boolean first = true;
    for (Object each : series) {
      text.append(first ? "" : ",");
      write(each);
      first = false;
    }
    text.append(']');
  }

  private void string(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || c == '\u007f' || (Character.isSurrogate(c) && isAlone(string, i))) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private static boolean isAlone(String string, int at) {
    char c = string.charAt(at);
    return Character.isHighSurrogate(c)
        ? at + 1 == string.length() || !Character.isLowSurrogate(string.charAt(at + 1))
        : at == 0 || !Character.isHighSurrogate(string.charAt(at - 1));
  }
}
