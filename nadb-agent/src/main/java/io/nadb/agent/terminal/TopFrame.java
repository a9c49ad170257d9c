package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Frame.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The live table: a line for each store, and how long flushes took in the last minute. */
final class TopFrame {
  private static final int BAR = 10;
  private static final int HISTORY = 60;
  private static final int RECENT = 6;
  private static final int NAME = 18;
  private static final int REASON = 40;
  private static final String SPARKS = "▁▂▃▄▅▆▇█";
  private static final double MILLIS_PER_SECOND = 1000;

  private static final Snapshot NOTHING = new Snapshot(Instant.EPOCH, List.of(), 0);

  private final String title;
  private final Deque<Double> history = new ArrayDeque<>();

  /** The latest snapshots, over which flushes per second are counted. */
  private final Deque<Snapshot> recent = new ArrayDeque<>();

  TopFrame(String title) {
    this.title = title;
  }

  /** Takes in what was seen last. */
  void add(Snapshot now) {
    history.addLast(now.slowestMillis());
    if (history.size() > HISTORY) {
      history.removeFirst();
    }
    recent.addLast(now);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  /**
   * Draws what was seen last.
   *
   * @param chosen which store a key would flush, from 0; -1 if there are no keys
   * @param note what to tell at the bottom, may be empty
   */
  Frame draw(int chosen, String note) {
    Snapshot now = recent.isEmpty() ? NOTHING : recent.getLast();
    Frame frame = new Frame();
    frame.line().add("nadb top  ", Style.TITLE).add(title + "  ");
    frame.add("stores " + now.stores().size(), Style.DIM);
    frame
        .line()
        .add(
            "  "
                + Units.left("STORE", NAME)
                + Units.left("BUFFER", BAR + 7)
                + Units.right("AT RISK", 10)
                + Units.right("AGE", 9)
                + Units.right("FLUSH/s", 9)
                + Units.right("p50", 9)
                + Units.right("p99", 9)
                + Units.right("FAIL", 6)
                + "  CAUSE",
            Style.DIM);
    int row = 0;
    for (StoreView store : now.stores()) {
      store(frame, store, now, row++ == chosen);
    }
    if (now.stores().isEmpty()) {
      frame
          .line()
          .add(
              "  no store has reported yet; one does after its next flush interval, if its JVM has jdk.jfr",
              Style.DIM);
    }
    frame.line();
    frame.line().add("flush ms ", Style.DIM).add(sparkline(), Style.GOOD);
    frame.add(
        "  slowest " + Units.millis(slowest()) + ", last " + history.size() + " s", Style.DIM);
    if (chosen >= 0) {
      frame.line().add("q quit  1-9 choose  f flush", Style.DIM);
    }
    for (String line : note.lines().toList()) {
      frame.line().add(line, Style.WARN);
    }
    return frame;
  }

  private void store(Frame frame, StoreView store, Snapshot now, boolean chosen) {
    long limit = Math.max(1, store.number("BufferLimitBytes"));
    long percent = 100 * store.number("BufferedBytes") / limit;
    boolean degraded = store.text("State").equals("DEGRADED");
    Style style = degraded || percent > 100 ? Style.BAD : percent > 80 ? Style.WARN : Style.GOOD;
    int full = (int) Math.min(BAR, (percent * BAR + 50) / 100);
    Percentiles latency = store.latency();
    frame
        .line()
        .add(chosen ? "> " : "  ", Style.TITLE)
        .add(Units.left(store.name(), NAME - 1) + " ")
        .add("█".repeat(full) + "░".repeat(BAR - full), style)
        .add(Units.right(percent + "%", 5) + "  ", style)
        .add(Units.right(Units.bytes(store.number("BufferedBytes")), 10))
        .add(Units.right(Units.age(store.number("BufferedAgeMillis")), 9))
        .add(Units.right(rate(store, now), 9))
        .add(Units.right(latency.count() == 0 ? "–" : Units.millis(latency.p50()), 9))
        .add(Units.right(latency.count() == 0 ? "–" : Units.millis(latency.p99()), 9))
        .add(
            Units.right(Long.toString(store.number("FlushFailures")), 6),
            store.number("FlushFailures") == 0 ? Style.PLAIN : Style.WARN)
        .add("  ")
        .add(
            degraded
                ? Units.left("DEGRADED: " + store.text("LastFailure"), REASON).strip()
                : store.text("LastFlushCause"),
            degraded ? Style.BAD : Style.PLAIN);
  }

  private String rate(StoreView store, Snapshot now) {
    Snapshot earlier =
        recent.stream().filter(each -> !each.at().equals(Instant.EPOCH)).findFirst().orElse(null);
    StoreView then = earlier == null ? null : earlier.store(store.name()).orElse(null);
    if (earlier == null || then == null) {
      return "–";
    }
    double seconds = Duration.between(earlier.at(), now.at()).toMillis() / MILLIS_PER_SECOND;
    long flushes = store.number("FlushCount") - then.number("FlushCount");
    return seconds <= 0 ? "–" : String.format(Locale.ROOT, "%.1f", Math.max(0, flushes) / seconds);
  }

  private double slowest() {
    return history.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private String sparkline() {
    double most = Math.max(1e-9, slowest());
    StringBuilder line = new StringBuilder();
    for (double millis : history) {
      int step = (int) Math.round(millis / most * (SPARKS.length() - 1));
      line.append(SPARKS.charAt(step));
    }
    return line.toString();
  }
}
