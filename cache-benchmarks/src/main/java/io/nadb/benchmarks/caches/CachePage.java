package io.nadb.benchmarks.caches;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The figures of caches and sessions as Markdown. */
final class CachePage {
  private final String how;
  private final StringBuilder targets = new StringBuilder();
  private final StringBuilder tables = new StringBuilder();

  /**
   * Begins a page.
   *
   * @param how where and by which command it was measured
   */
  CachePage(String how) {
    this.how = how;
  }

  void add(Contest contest, Map<String, Double> micros) {
    double nadb = of(micros, contest.contenders().get(0).label());
    Contest.Goal goal = contest.target();
    if (goal != null) {
      double ratio = of(micros, goal.peer()) / nadb;
      targets.append(
          String.format(
              Locale.ROOT,
              "| %s, beside %s | at least %.0f × as fast | %.2f × | %s |%n",
              contest.title(),
              goal.peer(),
              goal.timesAsFast(),
              ratio,
              ratio >= goal.timesAsFast() ? "yes" : "**no**"));
    }
    tables
        .append("\n## ")
        .append(contest.title())
        .append("\n\n| | µs | time, nadb = 1 |\n|---|--:|--:|\n");
    micros.forEach(
        (label, time) ->
            tables.append(
                String.format(Locale.ROOT, "| %s | %.2f | %.2f |%n", label, time, time / nadb)));
  }

  private static double of(Map<String, Double> micros, String label) {
    return Objects.requireNonNull(micros.get(label), label);
  }

  String text() {
    return "# Performance of caches and sessions\n\n"
        + "NADB's adapters beside what a user would pick instead, each with its own defaults, in one"
        + " thread. The contenders take turns in one JVM, and each figure is the median of its"
        + " rounds; what is read is looked at. Keys are text, values objects of about a kilobyte"
        + " that everybody serializes as Java does (NADB and Ehcache without the descriptions of"
        + " classes that Java repeats in each), but for Caffeine in Spring, which hands on the"
        + " object itself: that is the ceiling. Where values are bytes, nobody but Caffeine"
        + " serializes. No write asks for the disk, but NADB syncs each flush. After a kill, NADB has"
        + " one flush boundary; what Ehcache's disk tier held is dropped unless it was closed;"
        + " H2 has what was committed, but for the last half second.\n\n- "
        + how
        + "\n\n| work | target | measured | met |\n|---|--:|--:|--:|\n"
        + targets
        + tables;
  }
}
