package io.nadb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** How keys and values look in messages. */
final class Text {
  private static final int MOST_CHARS = 60;
  private static final int MOST_BYTES = 240;

  private Text() {}

  /** The text in quotes, shortened, with control characters escaped. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int shown = Math.min(text.length(), MOST_CHARS);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append(shown < text.length() ? "…\"" : "\"").toString();
  }

  /** A value: as text if it is some, else as hexadecimal digits. */
  static String show(byte[] value) {
    if (value.length <= MOST_BYTES) {
      try {
        return quote(UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
      } catch (CharacterCodingException e) {
        return hex(value);
      }
    }
    return hex(value);
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
