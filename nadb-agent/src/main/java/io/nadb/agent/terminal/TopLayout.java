package io.nadb.agent.terminal;

import java.util.List;

/**
 * How wide the columns of the live table are: all of them fit from 80 columns on, and what is to
 * spare goes to the bar, then to names, then to the last column.
 */
record TopLayout(
    int name, int bar, int risk, int age, int rate, int latency, int failures, int cause) {
  private static final int BAR = 10;
  private static final int PERCENT = 5;
  private static final int MARK = 2;
  private static final int GAP = 2;
  private static final int CAUSE = 10;
  private static final int REASON = 50;
  private static final int USUAL_NAME = 18;
  private static final int MIN_NAME = 8;

  /** Chooses the widths for a terminal that has so many columns. */
  static TopLayout of(int columns, List<StoreView> stores) {
    int longest = stores.stream().mapToInt(store -> store.name().length() + 1).max().orElse(0);
    TopLayout wide = new TopLayout(0, BAR, 10, 9, 9, 9, 6, 0);
    int rest = columns - wide.width() - CAUSE;
    if (rest >= USUAL_NAME) {
      int name = Math.min(Math.max(longest, USUAL_NAME), rest);
      return wide.with(name, BAR, Math.min(REASON, rest - name + CAUSE));
    }
    TopLayout narrow = new TopLayout(0, 0, 9, 8, 8, 8, 6, 0);
    int spare = columns - narrow.width() - CAUSE;
    int name = Math.max(MIN_NAME, Math.min(longest, spare));
    return narrow.with(name, Math.max(0, Math.min(BAR, spare - name)), CAUSE);
  }

  private TopLayout with(int newName, int newBar, int newCause) {
    return new TopLayout(newName, newBar, risk, age, rate, latency, failures, newCause);
  }

  /** The column of the bar, with its percentage. */
  int buffer() {
    return bar + PERCENT + (bar == BAR ? 2 : 1);
  }

  private int width() {
    return MARK + name + buffer() + risk + age + rate + 2 * latency + failures + GAP + cause;
  }
}
