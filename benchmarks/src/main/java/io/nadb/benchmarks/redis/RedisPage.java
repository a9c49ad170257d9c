package io.nadb.benchmarks.redis;

import java.util.List;
import java.util.Locale;

/** The figures of Redis as Markdown. */
final class RedisPage {
  private final String how;
  private final StringBuilder targets = new StringBuilder();
  private final StringBuilder tables = new StringBuilder();

  /**
   * Begins a page.
   *
   * @param how where and by which command it was measured
   */
  RedisPage(String how) {
    this.how = how;
  }

  void add(Comparison comparison, List<Comparison.Figure> figures) {
    double ratio = figures.get(0).micros() / figures.get(1).micros();
    double target = comparison.target();
    boolean met = ratio <= target;
    if (target >= 1) {
      targets.append(line(comparison, figures, "at most %.1f × the time", target, ratio, met));
    } else if (target != Comparison.NO_TARGET) {
      targets.append(
          line(comparison, figures, "at least %.0f × as fast", 1 / target, 1 / ratio, met));
    }
    tables
        .append("\n### ")
        .append(comparison.title())
        .append("\n\n")
        .append(comparison.description())
        .append("\n\n| | µs | commands sent |\n|---|--:|--:|\n");
    for (Comparison.Figure figure : figures) {
      tables.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f |%n",
              figure.label(),
              figure.micros(),
              figure.commands()));
    }
  }

  private static String line(
      Comparison comparison,
      List<Comparison.Figure> figures,
      String target,
      double asked,
      double measured,
      boolean met) {
    return String.format(
        Locale.ROOT,
        "| %s: %s beside %s | " + target + " | %.2f × | %s |%n",
        comparison.title(),
        figures.get(0).label(),
        figures.get(1).label(),
        asked,
        measured,
        met ? "yes" : "**no**");
  }

  String text() {
    return "## Beside plain Jedis\n\n"
        + "What NADB costs on a server on the same machine, beside the same work by hand. Each"
        + " figure is the median of its rounds, which the contestants take in turns in one JVM on"
        + " one connection each; what is read is compared with what was written.\n\n- "
        + how
        + "\n\n| work | target | measured | met |\n|---|--:|--:|--:|\n"
        + targets
        + tables;
  }
}
