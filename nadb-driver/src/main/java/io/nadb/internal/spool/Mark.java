package io.nadb.internal.spool;

import java.util.OptionalLong;

/**
 * Up to which write a server has what is in a spool, and by whom it got it; it is kept there.
 *
 * @param text what the server has; empty if it has none
 */
public record Mark(String text) {
  /** There is none. */
  static final Mark NONE = new Mark("");

  static Mark of(long sequence, String opening) {
    return new Mark(sequence + " " + opening);
  }

  boolean isNone() {
    return text.isEmpty();
  }

  /** The number of the last write that the server has; empty if this is no mark. */
  OptionalLong sequence() {
    String number = text.substring(0, Math.max(0, text.indexOf(' ')));
    return number.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(number))
        : OptionalLong.empty();
  }

  /** Whether both are marks, set since the same opening. */
  boolean isOfSameOpening(Mark other) {
    int begin = text.indexOf(' ');
    return begin >= 0 && !other.isNone() && other.isOf(text.substring(begin + 1));
  }

  /** Whether it was set since an opening. */
  boolean isOf(String opening) {
    return text.endsWith(" " + opening);
  }
}
