package io.nadb.benchmarks.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The samples of a soak as a page with curves, and whether memory stayed flat. */
final class SoakPage {
  /** How much higher the last quarter may be than the second: the first fills the store. */
  private static final double FLAT = 1.1;

  private static final int WIDTH = 860;
  private static final int LEFT = 70;
  private static final int MARGIN = 16;
  private static final int PANEL = 150;
  private static final int CURVE = 100;
  private static final int ROWS = 18;

  private final List<Sample> samples;

  SoakPage(List<Sample> samples) {
    this.samples = List.copyOf(samples);
  }

  /** Whether neither the heap nor the process grew after the first quarter. */
  boolean isFlat() {
    return growth(Sample::heapMib) <= FLAT && growth(Sample::memoryMib) <= FLAT;
  }

  String verdict() {
    Sample last = samples.get(samples.size() - 1);
    return String.format(
        Locale.ROOT,
        "%,d operations in %d s. From the second quarter to the last, the heap grew by %.1f %%, the"
            + " process by %.1f %%: memory is %s. The write buffer never held more than %.2f MiB,"
            + " and the slowest call took %.0f ms.",
        last.operations(),
        last.seconds(),
        100 * (growth(Sample::heapMib) - 1),
        100 * (growth(Sample::memoryMib) - 1),
        isFlat() ? "flat" : "NOT flat",
        samples.stream().mapToLong(Sample::bufferedBytes).max().orElse(0) / (double) (1 << 20),
        samples.stream().mapToLong(Sample::slowestMicros).max().orElse(0) / 1e3);
  }

  private double growth(ToDoubleFunction<Sample> figure) {
    int quarter = samples.size() / 4;
    double before = median(samples.subList(quarter, 2 * quarter), figure);
    double after = median(samples.subList(3 * quarter, samples.size()), figure);
    return before == 0 ? 1 : after / before;
  }

  private static double median(List<Sample> some, ToDoubleFunction<Sample> figure) {
    double[] sorted = some.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  void write(Path page, String how) throws IOException {
    Files.createDirectories(page.toAbsolutePath().getParent());
    String chart = String.valueOf(page.getFileName()).replaceAll("\\.md$", "") + ".svg";
    Files.writeString(page.resolveSibling(chart), svg());
    Files.writeString(page, markdown(chart, how));
  }

  private String markdown(String chart, String how) {
    StringBuilder text = new StringBuilder();
    text.append("# Under load for a long time\n\n").append(verdict()).append("\n\n");
    text.append("Of a hundred operations, 50 read, 32 set, 10 set with two tags and a TTL of up ");
    text.append("to a minute, 7 delete, 1 asks for metadata, on keys of which few are popular; ");
    text.append("queries by tag and listings go on meanwhile, and what is read is compared with ");
    text.append("what was written. The heap is what is left after a full collection, which each ");
    text.append("sample begins with; the process is its memory that is no page of a file.\n\n");
    text.append(how)
        .append("\n\n![Memory, disk and speed over time](")
        .append(chart)
        .append(")\n\n");
    text.append("| s | operations | heap MiB | process MiB | log MiB | live MiB | keys | ");
    text.append("metadata lag | slowest call ms |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    int step = Math.max(1, samples.size() / ROWS);
    for (int i = step - 1; i < samples.size(); i += step) {
      Sample each = samples.get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "| %d | %,d | %.1f | %.1f | %.1f | %.1f | %,d | %,d | %.1f |%n",
              each.seconds(),
              each.operations(),
              each.heapMib(),
              each.memoryMib(),
              each.logMib(),
              each.liveMib(),
              each.keys(),
              each.metadataLag(),
              each.slowestMicros() / 1e3));
    }
    return text.toString();
  }

  private record Curve(String title, List<Double> values) {}

  private String svg() {
    List<Double> rates = new ArrayList<>();
    Sample before = new Sample(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    for (Sample each : samples) {
      long seconds = Math.max(1, each.seconds() - before.seconds());
      rates.add((each.operations() - before.operations()) / 1e3 / seconds);
      before = each;
    }
    List<Curve> curves =
        List.of(
            curve("heap after collection, MiB", Sample::heapMib),
            curve("process without pages of files, MiB", Sample::memoryMib),
            curve("log on disk, MiB", Sample::logMib),
            new Curve("thousand operations a second", rates));
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < curves.size(); i++) {
      draw(curves.get(i), i * PANEL, body);
    }
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="%d %d %d %d" font-family="sans-serif" font-size="12">
        <style>
        .ground { fill: #ffffff }
        text { fill: #1f2328 }
        polyline { fill: none; stroke: #0969da; stroke-width: 1.5 }
        line { stroke: #8c959f }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #0d1117 }
        text { fill: #e6edf3 }
        polyline { stroke: #4493f8 }
        line { stroke: #768390 }
        }
        </style>
        <rect class="ground" x="%d" y="%d" width="%d" height="%d"/>
        %s</svg>
        """,
        -MARGIN,
        -MARGIN,
        WIDTH + 2 * MARGIN,
        curves.size() * PANEL + 2 * MARGIN,
        -MARGIN,
        -MARGIN,
        WIDTH + 2 * MARGIN,
        curves.size() * PANEL + 2 * MARGIN,
        body);
  }

  private Curve curve(String title, ToDoubleFunction<Sample> figure) {
    return new Curve(title, samples.stream().map(figure::applyAsDouble).toList());
  }

  private void draw(Curve curve, int top, StringBuilder body) {
    double most = Math.max(1e-9, curve.values.stream().mapToDouble(each -> each).max().orElse(1));
    long seconds = Math.max(1, samples.get(samples.size() - 1).seconds());
    int bottom = top + 30 + CURVE;
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < samples.size(); i++) {
      double x = LEFT + (double) (WIDTH - LEFT - 20) * samples.get(i).seconds() / seconds;
      points.append(
          String.format(Locale.ROOT, "%.1f,%.1f ", x, bottom - CURVE * curve.values.get(i) / most));
    }
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s, over %d s</text>"
                + "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f</text>"
                + "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>"
                + "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
                + "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
                + "<polyline points=\"%s\"/>%n",
            LEFT,
            top + 18,
            curve.title,
            seconds,
            LEFT - 8,
            bottom - CURVE + 5,
            most,
            LEFT - 8,
            bottom + 4,
            LEFT,
            bottom,
            WIDTH - 20,
            bottom,
            LEFT,
            bottom - CURVE,
            LEFT,
            bottom,
            points.toString().strip()));
  }
}
