package io.nadb.agent.terminal;

import java.util.Locale;

/** Writes quantities so that they can be taken in at a glance. */
final class Units {
  private static final long KILO = 1024;
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;

  private Units() {}

  static String bytes(long bytes) {
    if (bytes < KILO) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= KILO && unit < 3) {
      value /= KILO;
      unit++;
    }
    return String.format(
        Locale.ROOT, value < 10 ? "%.1f %cB" : "%.0f %cB", value, "kMGT".charAt(unit));
  }

  static String millis(double millis) {
    if (millis < 10) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    return millis < SECOND
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.1f s", millis / SECOND);
  }

  static String age(long millis) {
    return millis < MINUTE
        ? String.format(Locale.ROOT, "%.1f s", (double) millis / SECOND)
        : millis / MINUTE + " min";
  }

  /** In so many columns: cut, or filled up on the right. */
  static String left(String text, int columns) {
    return text.length() > columns
        ? text.substring(0, Math.max(0, columns - 1)) + "…"
        : text + " ".repeat(columns - text.length());
  }

  /** In so many columns: cut in the middle, since names differ at their ends, or filled up. */
  static String middle(String text, int columns) {
    int end = columns / 2;
    return text.length() > columns
        ? text.substring(0, columns - 1 - end) + "…" + text.substring(text.length() - end)
        : left(text, columns);
  }

  /** In so many columns: filled up on the left. */
  static String right(String text, int columns) {
    return " ".repeat(Math.max(0, columns - text.length())) + text;
  }
}
