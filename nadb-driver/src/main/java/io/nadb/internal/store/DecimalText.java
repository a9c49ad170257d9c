package io.nadb.internal.store;

import java.nio.charset.StandardCharsets;

/** Whole numbers as text, as {@code increment} has them: each number in one form only. */
final class DecimalText {
  /** As long as {@link Long#MIN_VALUE}. */
  private static final int MAX_LENGTH = 20;

  private DecimalText() {}

  /**
   * Reads a number.
   *
   * @throws NumberFormatException if the value is none, or not in the form that {@link #format} has
   */
  static long parse(String key, byte[] value) {
    if (value.length <= MAX_LENGTH) {
      String text = new String(value, StandardCharsets.US_ASCII);
      try {
        long number = Long.parseLong(text);
        if (Long.toString(number).equals(text)) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw notANumber(key, value);
      }
    }
    throw notANumber(key, value);
  }

  private static NumberFormatException notANumber(String key, byte[] value) {
    return new NumberFormatException(
        "the value of key '"
            + key
            + "', of "
            + value.length
            + " bytes, is no whole number of 64 bits in decimal text (as -7, 0 or 42); set one"
            + " before incrementing it");
  }

  static byte[] format(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Adds.
   *
   * @throws ArithmeticException if the sum does not fit
   */
  static long add(String key, long number, long delta) {
    try {
      return Math.addExact(number, delta);
    } catch (ArithmeticException e) {
      throw overflow(key, number, delta);
    }
  }

  private static ArithmeticException overflow(String key, long number, long delta) {
    return new ArithmeticException(
        "key '" + key + "' is " + number + "; adding " + delta + " does not fit into 64 bits");
  }
}
