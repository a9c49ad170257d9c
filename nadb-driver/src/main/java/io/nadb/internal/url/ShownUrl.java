package io.nadb.internal.url;

import io.nadb.NadbUrlException;
import java.util.ArrayList;
import java.util.List;

/**
 * A URL as it may be shown, and where each character of the written URL is in it.
 *
 * <p>Positions in messages count the characters that are shown: they agree with the caret, and
 * don't give away how long a masked password is.
 */
final class ShownUrl implements Place {
  private static final String MASK = "****";
  private static final int MAX_QUOTED = 80;

  private final String text;
  private final List<Piece> pieces;

  private ShownUrl(String text, List<Piece> pieces) {
    this.text = text;
    this.pieces = pieces;
  }

  /** Returns the text with characters replaced that would move the caret or the reader's eye. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.append(isPlain(c) ? Character.toString(c) : "\uFFFD"));
    return clean.toString();
  }

  /** Returns the text to be quoted in a message: clean, and cut if it is long. */
  static String quoted(String text) {
    return text.length() <= MAX_QUOTED ? clean(text) : clean(text.substring(0, MAX_QUOTED)) + "…";
  }

  /** Whether a character of the written URL is masked. */
  boolean hides(int at) {
    return pieces.stream().anyMatch(p -> p.masked() && p.from() <= at && at < p.to());
  }

  @Override
  public NadbUrlException fault(int from, int to, String what, String rest, String after) {
    int start = shownAt(from);
    int end = Math.max(to > from ? shownAfter(to - 1) : start, start);
    int column = text.codePointCount(0, start);
    int width = Math.max(1, text.codePointCount(start, end));
    return new NadbUrlException(
        what
            + (" (character " + (column + 1) + ")")
            + rest
            + ("\n  " + text)
            + ("\n  " + " ".repeat(column) + "^".repeat(width))
            + (after.isEmpty() ? "" : "\n" + after));
  }

  @Override
  public String toString() {
    return text;
  }

  private int shownAt(int at) {
    for (Piece piece : pieces) {
      if (at < piece.to()) {
        return piece.shownFrom() + (piece.masked() ? 0 : at - piece.from());
      }
    }
    return text.length();
  }

  private int shownAfter(int at) {
    for (Piece piece : pieces) {
      if (at < piece.to()) {
        return piece.shownFrom() + (piece.masked() ? MASK.length() : at - piece.from() + 1);
      }
    }
    return text.length();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  private record Piece(int from, int to, int shownFrom, boolean masked) {}

  /** Builds a shown URL from left to right; what no call names is left out. */
  static final class Builder {
    private final String written;
    private final StringBuilder shown = new StringBuilder();
    private final List<Piece> pieces = new ArrayList<>();

    Builder(String written) {
      this.written = written;
    }

    /** Shows the characters as they are. */
    Builder show(int from, int to) {
      return add(from, to, false);
    }

    /** Shows four stars instead of the characters. */
    Builder mask(int from, int to) {
      return add(from, to, true);
    }

    ShownUrl build() {
      return new ShownUrl(shown.toString(), List.copyOf(pieces));
    }

    private Builder add(int from, int to, boolean masked) {
      if (from < to) {
        int shownFrom = shown.length();
        shown.append(masked ? MASK : sameLength(written.substring(from, to)));
        pieces.add(new Piece(from, to, shownFrom, masked));
      }
      return this;
    }

    /** Keeps the number of chars, so that a piece maps one to one. */
    private static String sameLength(String text) {
      StringBuilder same = new StringBuilder(text.length());
      text.codePoints()
          .forEach(
              c ->
                  same.append(
                      isPlain(c)
                          ? Character.toString(c)
                          : "\uFFFD".repeat(Character.charCount(c))));
      return same.toString();
    }
  }
}
