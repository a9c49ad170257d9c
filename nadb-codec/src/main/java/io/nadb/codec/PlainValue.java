package io.nadb.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a value that needs no serialization: a letter for its type, and what it is. No such
 * letter begins a stream of Java's serialization.
 */
final class PlainValue {
  private static final byte TEXT = 's';
  private static final byte BYTES = 'b';
  private static final byte INTEGER = 'i';
  private static final byte LONG = 'l';
  private static final byte DOUBLE = 'd';
  private static final byte BOOLEAN = 'z';

  private PlainValue() {}

  /** Returns the bytes, or null if the value is of another type, or a text that UTF-8 can't say. */
  static byte @Nullable [] write(Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof byte[] bytes) {
      return typed(BYTES, bytes.length).put(bytes).array();
    }
    if (value instanceof Integer number) {
      return typed(INTEGER, Integer.BYTES).putInt(number).array();
    }
    if (value instanceof Long number) {
      return typed(LONG, Long.BYTES).putLong(number).array();
    }
    if (value instanceof Double number) {
      return typed(DOUBLE, Double.BYTES).putDouble(number).array();
    }
    if (value instanceof Boolean truth) {
      return typed(BOOLEAN, 1).put((byte) (truth ? 1 : 0)).array();
    }
    return null;
  }

  /** A text with half of a character does not come back from UTF-8. */
  private static byte @Nullable [] text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new String(bytes, UTF_8).equals(text)
        ? typed(TEXT, bytes.length).put(bytes).array()
        : null;
  }

  private static ByteBuffer typed(byte type, int length) {
    return ByteBuffer.allocate(1 + length).put(type);
  }

  /**
   * Returns the value, or null if a stream begins here.
   *
   * @throws IOException if the bytes are too few or too many
   */
  static @Nullable Object read(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      throw new StreamCorruptedException("a value without a byte");
    }
    return switch (bytes[0]) {
      case TEXT -> new String(bytes, 1, bytes.length - 1, UTF_8);
      case BYTES -> Arrays.copyOfRange(bytes, 1, bytes.length);
      case INTEGER -> rest(bytes, Integer.BYTES).getInt();
      case LONG -> rest(bytes, Long.BYTES).getLong();
      case DOUBLE -> rest(bytes, Double.BYTES).getDouble();
      case BOOLEAN -> rest(bytes, 1).get() != 0;
      default -> null;
    };
  }

  private static ByteBuffer rest(byte[] bytes, int length) throws IOException {
    if (bytes.length != 1 + length) {
      throw new StreamCorruptedException(
          "a value of type '%c' has %d bytes; expected %d"
              .formatted(bytes[0], bytes.length - 1, length));
    }
    return ByteBuffer.wrap(bytes, 1, length);
  }
}
