package io.nadb.cli.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jline.utils.WCWidth;

/**
 * Texts of others as a terminal may be given them: nothing in them moves the cursor.
 *
 * @since 0.1.0
 */
public final class Printable {
  private static final int HEX_BYTES = 16;

  private Printable() {}

  /**
   * The text, but control characters, and what turns the direction of writing, as {@code \\u001b}.
   */
  public static String of(String text) {
    if (text.codePoints().noneMatch(Printable::isUnfit)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isUnfit(point)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", point));
              } else {
                shown.appendCodePoint(point);
              }
            });
    return shown.toString();
  }

  private static boolean isUnfit(int point) {
    int type = Character.getType(point);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** The bytes as text, if they are UTF-8. */
  public static Optional<String> text(byte[] value) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * The bytes for people: text with its line breaks, if they are UTF-8 without other control
   * characters, and else sixteen to a line, in hexadecimal.
   */
  public static String value(byte[] value) {
    Optional<String> text = text(value);
    if (text.isPresent() && text.get().lines().noneMatch(line -> hasControls(line))) {
      return text.get();
    }
    StringBuilder dump = new StringBuilder();
    HexFormat hex = HexFormat.ofDelimiter(" ");
    for (int at = 0; at < value.length; at += HEX_BYTES) {
      int end = Math.min(value.length, at + HEX_BYTES);
      String bytes = hex.formatHex(value, at, end);
      dump.append(
          String.format(Locale.ROOT, "%08x  %-47s  %s%n", at, bytes, ascii(value, at, end)));
    }
    return dump.toString();
  }

  /** The bytes in one line for people, cut to so many characters at most. */
  public static String line(byte[] value, int most) {
    int enough = (int) Math.min(value.length, 4L * most);
    String text =
        text(value).map(Printable::of).orElseGet(() -> HexFormat.of().formatHex(value, 0, enough));
    return text.length() > most ? text.substring(0, Math.max(0, most - 1)) + "…" : text;
  }

  private static boolean hasControls(String line) {
    return line.codePoints().anyMatch(point -> point != '\t' && isUnfit(point));
  }

  private static String ascii(byte[] value, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(value[i] >= ' ' && value[i] < 0x7f ? (char) value[i] : '.');
    }
    return text.toString();
  }

  /** How many columns of a terminal it takes. */
  public static int columns(String text) {
    return text.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
  }
}
