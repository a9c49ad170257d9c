package io.nadb.spi;

/**
 * How long strings are in UTF-8, without encoding them.
 *
 * @since 0.1.0
 */
public final class Utf8 {

  private Utf8() {}

  /**
   * Returns the length of a string in bytes; for one with an unpaired surrogate, which no encoding
   * can keep, {@code -1 - index} of that.
   */
  public static int length(String text) {
    int length = text.length();
    int bytes = length;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        if (c < 0x800) {
          bytes++;
        } else if (!Character.isSurrogate(c)) {
          bytes += 2;
        } else if (Character.isHighSurrogate(c)
            && i + 1 < length
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          bytes += 2; // Four bytes for two chars.
          i++;
        } else {
          return -1 - i;
        }
      }
    }
    return bytes;
  }
}
