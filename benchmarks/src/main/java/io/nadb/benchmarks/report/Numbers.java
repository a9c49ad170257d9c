package io.nadb.benchmarks.report;

import java.util.Locale;

/** Numbers as people read them: three digits that count. */
final class Numbers {
  private Numbers() {}

  static String shown(double number) {
    double size = Math.abs(number);
    if (size >= 9.995e5) {
      return digits(number / 1e6) + " M";
    }
    return size >= 9.995e3 ? digits(number / 1e3) + " k" : digits(number);
  }

  static String ratio(double ratio) {
    return digits(ratio) + " ×";
  }

  private static String digits(double number) {
    double size = Math.abs(number);
    int decimals = size >= 99.95 || size == 0 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 4;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", number);
    return text.equals("-0") ? "0" : text;
  }

  static String shown(Figure figure) {
    return figure.rounds() == 1
        ? shown(figure.median())
        : shown(figure.median()) + " ±" + Math.round(100 * figure.spread()) + " %";
  }
}
