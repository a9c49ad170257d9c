package io.nadb.internal.url;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a written text into what it stands for: {@code %XX} and {@code ${env:NAME}}. */
final class TextDecoder {
  static final String VARIABLE_START = "${env:";
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([A-Za-z_][A-Za-z0-9_]*+)}");

  private final String text;
  private final Place place;

  TextDecoder(String text, Place place) {
    this.text = text;
    this.place = place;
  }

  /** Decodes {@code %XX} in a part of the text. */
  String decode(int from, int to) {
    if (text.indexOf('%', from) < 0) {
      return text.substring(from, to);
    }
    StringBuilder decoded = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      if (text.charAt(at) != '%') {
        decoded.append(text.charAt(at++));
        continue;
      }
      int end = at;
      ByteBuffer bytes = ByteBuffer.allocate((to - at) / 3 + 1);
      while (end < to && text.charAt(end) == '%') {
        bytes.put(decodeByte(end, to));
        end += 3;
      }
      decoded.append(decodeUtf8(bytes.flip(), at, end));
      at = end;
    }
    return decoded.toString();
  }

  /** Decodes as {@link #decode} does, and puts in environment variables as they are. */
  String decode(int from, int to, Function<String, @Nullable String> environment) {
    return replaceVariables(from, to, environment, this::decode);
  }

  /** Puts in environment variables and leaves all else as it is. */
  String replaceVariables(Function<String, @Nullable String> environment) {
    return replaceVariables(0, text.length(), environment, text::substring);
  }

  private String replaceVariables(
      int from, int to, Function<String, @Nullable String> environment, Part between) {
    StringBuilder replaced = new StringBuilder();
    Matcher matcher = VARIABLE.matcher(text);
    int at = from;
    while (at < to) {
      int start = text.indexOf(VARIABLE_START, at);
      if (start < 0 || start >= to) {
        start = to;
      }
      replaced.append(between.of(at, start));
      at = start;
      if (start < to) {
        if (!matcher.region(start, to).lookingAt()) {
          throw place.fault(
              start,
              Math.min(start + VARIABLE_START.length(), to),
              "Malformed environment variable",
              ": expected ${env:NAME}, a name of letters, digits and '_'");
        }
        String value = environment.apply(matcher.group(1));
        if (value == null) {
          throw place.fault(
              start,
              matcher.end(),
              "Environment variable [" + matcher.group(1) + "] is not set",
              "");
        }
        replaced.append(value);
        at = matcher.end();
      }
    }
    return replaced.toString();
  }

  private byte decodeByte(int at, int to) {
    int high = at + 1 < to ? Character.digit(text.charAt(at + 1), 16) : -1;
    int low = at + 2 < to ? Character.digit(text.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0 || text.charAt(at + 1) > 'f' || text.charAt(at + 2) > 'f') {
      throw place.fault(
          at,
          Math.min(at + 3, to),
          "Malformed escape",
          ": expected '%' and two hexadecimal digits; '%' itself is written %25");
    }
    return (byte) (high << 4 | low);
  }

  private CharSequence decodeUtf8(ByteBuffer bytes, int from, int to) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException e) {
      throw place.fault(from, to, "Escaped bytes that are not UTF-8", "");
    }
  }

  /** Returns what a part of the text between two variables stands for. */
  @FunctionalInterface
  private interface Part {
    String of(int from, int to);
  }
}
