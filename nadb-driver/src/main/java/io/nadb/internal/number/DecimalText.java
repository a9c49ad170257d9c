package io.nadb.internal.number;

import java.nio.charset.StandardCharsets;

/**
 * Whole numbers as text, as {@code increment} has them: each number in one form only, which is that
 * of Redis, too.
 */
public final class DecimalText {
  /** As long as {@link Long#MIN_VALUE}. */
  private static final int MAX_LENGTH = 20;

  private DecimalText() {}

  /**
   * Reads a number.
   *
   * @throws NumberFormatException if the value is none, or not in the form that {@link #format} has
   */
  public static long parse(String key, byte[] value) {
    if (value.length <= MAX_LENGTH) {
      String text = new String(value, StandardCharsets.US_ASCII);
      try {
        long number = Long.parseLong(text);
        if (Long.toString(number).equals(text)) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw notANumber(key, value.length);
      }
    }
    throw notANumber(key, value.length);
  }

  /** What is thrown about a value of so many bytes that is none. */
  public static NumberFormatException notANumber(String key, long length) {
    return new NumberFormatException(
        "the value of key '"
            + key
            + "', of "
            + length
            + " bytes, is no whole number of 64 bits in decimal text (as -7, 0 or 42); set one"
            + " before incrementing it");
  }

  /** Writes a number. */
  public static byte[] format(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Adds.
   *
   * @throws ArithmeticException if the sum does not fit
   */
  public static long add(String key, long number, long delta) {
    try {
      return Math.addExact(number, delta);
    } catch (ArithmeticException e) {
      throw overflow(key, number, delta);
    }
  }

  /** What is thrown about a sum that does not fit. */
  public static ArithmeticException overflow(String key, long number, long delta) {
    return new ArithmeticException(
        "key '" + key + "' is " + number + "; adding " + delta + " does not fit into 64 bits");
  }
}
