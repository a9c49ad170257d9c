package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Frame.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The live table: a line for each store, and how long flushes took in the last minute. */
final class TopFrame {
  private static final int HISTORY = 60;
  private static final int RECENT = 6;

  /** Lines that are always there: the title, the heads of the columns, a gap, the history. */
  private static final int FIXED_LINES = 4;

  private static final String SPARKS = "▁▂▃▄▅▆▇█";
  private static final double MILLIS_PER_SECOND = 1000;

  private static final Observation NOTHING = new Observation(Instant.EPOCH, List.of(), 0);

  private final String title;
  private final Deque<Double> history = new ArrayDeque<>();

  /** The latest snapshots, over which flushes per second are counted. */
  private final Deque<Observation> recent = new ArrayDeque<>();

  /** The first store that was shown last, and how many there was room for. */
  private int top;

  private int page = 1;

  TopFrame(String title) {
    this.title = title;
  }

  /** Takes in what was seen last. */
  void add(Observation now) {
    history.addLast(now.slowestMillis());
    if (history.size() > HISTORY) {
      history.removeFirst();
    }
    recent.addLast(now);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
  }

  /** How many stores there was room for, in what was drawn last. */
  int page() {
    return page;
  }

  /** Draws what was seen last, however much room that takes. */
  Frame draw(int chosen, String note) {
    return draw(chosen, note, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * Draws what was seen last. If there is not room for all stores, the chosen one is among those
   * that are shown.
   *
   * @param chosen which store a key would flush, from 0; -1 if there are no keys
   * @param note what to tell at the bottom, may be empty
   */
  Frame draw(int chosen, String note, int rows, int columns) {
    Observation now = recent.isEmpty() ? NOTHING : recent.getLast();
    List<StoreView> stores = now.stores();
    List<String> notes = new ArrayList<>(note.lines().toList());
    snapshots(stores).ifPresent(notes::add);
    feeds(stores).ifPresent(notes::add);
    failure(stores, chosen).ifPresent(notes::add);
    scroll(stores.size(), chosen, rows - FIXED_LINES - notes.size() - (chosen >= 0 ? 1 : 0));
    List<StoreView> shown = stores.subList(top, Math.min(stores.size(), top + page));
    TopLayout layout = TopLayout.of(columns, stores);
    Frame frame = new Frame();
    frame.line().add("nadb top  ", Style.TITLE).add(title + "  ");
    frame.add("stores " + stores.size(), Style.DIM);
    if (shown.size() < stores.size()) {
      frame.add(", here " + (top + 1) + " to " + (top + shown.size()), Style.DIM);
    }
    frame
        .line()
        .add(
            "  "
                + Units.left("STORE", layout.name())
                + Units.left("BUFFER", layout.buffer())
                + Units.right("AT RISK", layout.risk())
                + Units.right("AGE", layout.age())
                + Units.right("FLUSH/s", layout.rate())
                + Units.right("p50", layout.latency())
                + Units.right("p99", layout.latency())
                + Units.right("FAIL", layout.failures())
                + "  CAUSE",
            Style.DIM);
    int row = top;
    for (StoreView store : shown) {
      store(frame, store, now, row++ == chosen, layout);
    }
    if (stores.isEmpty()) {
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
      frame.line().add("q quit  ↑ ↓ 1-9 choose  f flush", Style.DIM);
    }
    for (String line : notes) {
      frame.line().add(line, Style.WARN);
    }
    return frame;
  }

  /**
   * What the chosen store's last flush has failed of, or that of the first one that is degraded.
   */
  private static Optional<String> failure(List<StoreView> stores, int chosen) {
    return Stream.concat(stores.stream().skip(Math.max(0, chosen)).limit(1), stores.stream())
        .filter(TopFrame::isDegraded)
        .findFirst()
        .map(store -> store.name() + ": " + store.text("LastFailure").replace('\n', ' '));
  }

  /** The open snapshots, since one that is forgotten keeps more and more. */
  private static Optional<String> snapshots(List<StoreView> stores) {
    long open = 0;
    long bytes = 0;
    for (StoreView store : stores) {
      open += store.number("OpenSnapshots");
      bytes += store.number("SnapshotBytes");
    }
    if (open == 0) {
      return Optional.empty();
    }
    StoreView oldest =
        stores.stream().max(Comparator.comparingLong(TopFrame::oldestSnapshot)).orElseThrow();
    return Optional.of(
        "snapshots: "
            + open
            + " open, keeping "
            + Units.bytes(bytes)
            + "; the oldest for "
            + Units.age(oldestSnapshot(oldest))
            + ", in "
            + oldest.name());
  }

  /**
   * The open feeds, since one that falls behind keeps what it has still to read, and then loses.
   */
  private static Optional<String> feeds(List<StoreView> stores) {
    long open = 0;
    long bytes = 0;
    for (StoreView store : stores) {
      open += store.number("OpenFeeds");
      bytes += store.number("FeedBytes");
    }
    if (open == 0) {
      return Optional.empty();
    }
    StoreView slowest =
        stores.stream().max(Comparator.comparingLong(TopFrame::feedLag)).orElseThrow();
    String lag =
        feedLag(slowest) == 0
            ? "; none is behind"
            : "; the slowest is "
                + String.format(Locale.ROOT, "%,d", feedLag(slowest))
                + " writes behind, in "
                + slowest.name();
    return Optional.of("feeds: " + open + " open, keeping " + Units.bytes(bytes) + lag);
  }

  private static long feedLag(StoreView store) {
    return store.number("FeedLag");
  }

  private static long oldestSnapshot(StoreView store) {
    return store.number("OldestSnapshotAgeMillis");
  }

  private static boolean isDegraded(StoreView store) {
    return store.text("State").equals("DEGRADED");
  }

  /** Moves the part that is shown as little as need be. */
  private void scroll(int stores, int chosen, int room) {
    page = Math.max(1, Math.min(room, stores));
    int first = chosen < 0 ? 0 : Math.max(Math.min(top, chosen), chosen - page + 1);
    top = Math.max(0, Math.min(first, stores - page));
  }

  private void store(
      Frame frame, StoreView store, Observation now, boolean chosen, TopLayout layout) {
    int bar = layout.bar();
    long limit = Math.max(1, store.number("BufferLimitBytes"));
    long percent = 100 * store.number("BufferedBytes") / limit;
    boolean degraded = isDegraded(store);
    Style style = degraded || percent > 100 ? Style.BAD : percent > 80 ? Style.WARN : Style.GOOD;
    int full = (int) Math.min(bar, (percent * bar + 50) / 100);
    Percentiles latency = store.latency();
    frame
        .line()
        .add(chosen ? "> " : "  ", Style.TITLE)
        .add(Units.middle(store.name(), layout.name() - 1) + " ")
        .add("█".repeat(full) + "░".repeat(bar - full), style)
        .add(Units.left(Units.right(percent + "%", 5), layout.buffer() - bar), style)
        .add(Units.right(Units.bytes(store.number("BufferedBytes")), layout.risk()))
        .add(Units.right(Units.age(store.number("BufferedAgeMillis")), layout.age()))
        .add(Units.right(rate(store, now), layout.rate()))
        .add(
            Units.right(latency.count() == 0 ? "–" : Units.millis(latency.p50()), layout.latency()))
        .add(
            Units.right(latency.count() == 0 ? "–" : Units.millis(latency.p99()), layout.latency()))
        .add(
            Units.right(Long.toString(store.number("FlushFailures")), layout.failures()),
            store.number("FlushFailures") == 0 ? Style.PLAIN : Style.WARN)
        .add("  ")
        .add(
            degraded ? reason(store, layout.cause()) : store.text("LastFlushCause"),
            degraded ? Style.BAD : Style.PLAIN);
  }

  private static String reason(StoreView store, int room) {
    String all = "DEGRADED: " + store.text("LastFailure");
    return all.length() > room && room < 20 ? "DEGRADED" : Units.left(all, room).strip();
  }

  private String rate(StoreView store, Observation now) {
    Observation earlier =
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
