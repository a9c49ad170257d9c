package io.nadb.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value as it is in the store, with the name of its format.
 *
 * <pre>
 *   0xDB  0x01  n  n bytes  the rest
 *    │     │    │   │        └ what the codec has made
 *    │     │    │   └ the name of the format, ASCII
 *    │     │    └ its length, 1 to 63
 *    │     └ version of this drawing
 *    └ no text in UTF-8 begins so, nor JSON, nor any of the usual serializations
 * </pre>
 *
 * @param format the name of the format
 * @param content what the codec has made
 */
@SuppressWarnings("ArrayRecordComponent") // Two are never compared.
record Envelope(String format, byte[] content) {
  private static final byte MARK = (byte) 0xDB;
  private static final byte VERSION = 1;
  private static final int HEADER = 3;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,62}");

  static String requireName(Codec<?> codec) {
    String name = codec.format();
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          codec
              + " calls its format '"
              + name
              + "'; allowed is a lower case letter, then up to 62 of a-z 0-9 . _ -");
    }
    return name;
  }

  /** Returns empty for bytes that no typed view has written. */
  static Optional<Envelope> open(byte[] stored) {
    if (stored.length < HEADER || stored[0] != MARK || stored[1] != VERSION) {
      return Optional.empty();
    }
    int end = HEADER + (stored[2] & 0xff);
    if (end > stored.length) {
      return Optional.empty();
    }
    String name = new String(stored, HEADER, end - HEADER, US_ASCII);
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return Optional.of(new Envelope(name, Arrays.copyOfRange(stored, end, stored.length)));
  }

  byte[] close() {
    byte[] name = format.getBytes(US_ASCII);
    byte[] stored = new byte[HEADER + name.length + content.length];
    stored[0] = MARK;
    stored[1] = VERSION;
    stored[2] = (byte) name.length;
    System.arraycopy(name, 0, stored, HEADER, name.length);
    System.arraycopy(content, 0, stored, HEADER + name.length, content.length);
    return stored;
  }
}
