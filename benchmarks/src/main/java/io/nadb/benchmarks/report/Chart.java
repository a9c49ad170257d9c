package io.nadb.benchmarks.report;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Bars for each store, a panel for each kind of work, as SVG that can be read on light and on dark
 * ground.
 */
final class Chart {
  private static final int COLUMNS = 2;
  private static final int PANEL_WIDTH = 460;
  private static final int NAMES_WIDTH = 100;
  private static final int BARS_WIDTH = 250;
  private static final int ROW = 18;
  private static final int HEAD = 60;
  private static final int MARGIN = 16;

  private final Summary summary;
  private final List<Panel> panels = new ArrayList<>();

  Chart(Summary summary) {
    this.summary = summary;
  }

  private record Bar(StoreKind kind, double value) {}

  private record Panel(String title, String unit, List<Bar> bars) {
    int height() {
      return HEAD + ROW * bars.size();
    }
  }

  /** Adds a panel, unless there is nothing to compare in it. */
  void add(String title, String workload, String variant, Metric metric) {
    List<Bar> bars = new ArrayList<>();
    for (StoreKind kind : StoreKind.values()) {
      summary
          .figure(workload, variant, kind, metric.name())
          .ifPresent(figure -> bars.add(new Bar(kind, figure.median())));
    }
    Comparator<Bar> byValue = Comparator.comparingDouble(Bar::value);
    bars.sort(metric.moreIsBetter() ? byValue.reversed() : byValue);
    if (bars.size() > 1) {
      String best = metric.moreIsBetter() ? "longer is better" : "shorter is better";
      panels.add(new Panel(title, metric.unit() + ", " + best, bars));
    }
  }

  String svg() {
    StringBuilder body = new StringBuilder();
    int top = 0;
    for (int first = 0; first < panels.size(); first += COLUMNS) {
      int height = 0;
      for (int at = first; at < Math.min(first + COLUMNS, panels.size()); at++) {
        draw(panels.get(at), (at - first) * PANEL_WIDTH, top, body);
        height = Math.max(height, panels.get(at).height());
      }
      top += height;
    }
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="%d %d %d %d" font-family="sans-serif" font-size="12">
        <style>
        .ground { fill: #ffffff }
        text { fill: #1f2328 }
        line { stroke: #8c959f }
        .title { font-weight: bold }
        .bar { fill: #8c959f }
        .nadb { fill: #0969da }
        .map { fill: #d0d7de }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #0d1117 }
        text { fill: #e6edf3 }
        line { stroke: #768390 }
        .bar { fill: #768390 }
        .nadb { fill: #4493f8 }
        .map { fill: #444c56 }
        }
        </style>
        <rect class="ground" x="%d" y="%d" width="%d" height="%d"/>
        %s</svg>
        """,
        -MARGIN,
        -MARGIN,
        COLUMNS * PANEL_WIDTH + 2 * MARGIN,
        Math.max(1, top) + 2 * MARGIN,
        -MARGIN,
        -MARGIN,
        COLUMNS * PANEL_WIDTH + 2 * MARGIN,
        Math.max(1, top) + 2 * MARGIN,
        body);
  }

  private static void draw(Panel panel, int left, int top, StringBuilder body) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>"
                + "<text x=\"%d\" y=\"%d\">%s</text>%n",
            left,
            top + 20,
            escaped(panel.title),
            left,
            top + 36,
            escaped(panel.unit)));
    double most = panel.bars.stream().mapToDouble(Bar::value).max().orElse(1);
    int y = top + 46;
    body.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n",
            left + NAMES_WIDTH,
            y - 3,
            left + NAMES_WIDTH,
            y + ROW * panel.bars.size() - 2));
    for (Bar bar : panel.bars) {
      double width = most <= 0 ? 1 : Math.max(1, BARS_WIDTH * bar.value / most);
      String type =
          switch (bar.kind) {
            case NADB -> "nadb";
            case MAP -> "map";
            default -> "bar";
          };
      body.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                  + "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                  + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
              left + NAMES_WIDTH - 8,
              y + 11,
              escaped(bar.kind.label()),
              type,
              left + NAMES_WIDTH,
              y,
              width,
              ROW - 5,
              left + NAMES_WIDTH + width + 6,
              y + 11,
              escaped(Numbers.shown(bar.value))));
      y += ROW;
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
