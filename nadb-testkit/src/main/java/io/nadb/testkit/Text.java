package io.nadb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collection;

/** How keys and values look in messages. */
final class Text {
  private static final int MAX_CHARS = 60;

  private Text() {}

  /** The text in quotes, shortened, with control characters and halves of others escaped. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int at = 0;
    for (int shown = 0; at < text.length() && shown < MAX_CHARS; shown++) {
      int c = text.codePointAt(at);
      if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
        quoted.append(String.format("\\u%04x", c));
      } else {
        quoted.appendCodePoint(c);
      }
      at += Character.charCount(c);
    }
    return quoted.append(at < text.length() ? "…\"" : "\"").toString();
  }

  /** Several texts. */
  static String quote(Collection<String> texts) {
    return String.join(", ", texts.stream().map(Text::quote).toList());
  }

  /** A value: as text if it is some, else as hexadecimal digits. */
  static String show(byte[] value) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      return text.chars().allMatch(Text::isWritten)
          ? quote(text) + (text.length() > MAX_CHARS ? " (" + value.length + " bytes)" : "")
          : hex(value);
    } catch (CharacterCodingException e) {
      return hex(value);
    }
  }

  /** Whether people write it: a character that is printed, or that breaks lines. */
  private static boolean isWritten(int c) {
    return !Character.isISOControl(c) || c == '\n' || c == '\r' || c == '\t';
  }

  private static String hex(byte[] value) {
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < Math.min(value.length, 16); i++) {
      text.append(String.format("%02x", value[i]));
    }
    return text.append(value.length > 16 ? "…" : "")
        .append(" (")
        .append(value.length)
        .append(" bytes)")
        .toString();
  }
}
