package io.nadb.agent.terminal;

import io.nadb.agent.terminal.Frame.Part;
import java.util.List;
import java.util.Locale;

/**
 * Draws a frame as a picture: text in cells of one size, and bars as rectangles, since fonts don't
 * agree on how wide those characters are.
 */
final class Svg {
  private static final double CELL = 8.4;
  private static final int ROW = 20;
  private static final int MARGIN = 14;
  private static final String SPARKS = "▁▂▃▄▅▆▇█";
  private static final char EMPTY = '░';

  private Svg() {}

  static String draw(Frame frame) {
    List<List<Part>> lines = frame.lines();
    int columns =
        lines.stream()
            .mapToInt(line -> line.stream().mapToInt(part -> part.text().length()).sum())
            .max()
            .orElse(0);
    double width = columns * CELL + 2 * MARGIN;
    int height = lines.size() * ROW + 2 * MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append(
        text(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" viewBox=\"0 0"
                + " %.0f %d\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono',"
                + " monospace\" font-size=\"14\">%n",
            width, height, width, height));
    svg.append(
        text("<rect width=\"%.0f\" height=\"%d\" rx=\"8\" fill=\"#1b2330\"/>%n", width, height));
    for (int row = 0; row < lines.size(); row++) {
      int column = 0;
      for (Part part : lines.get(row)) {
        draw(svg, part, row, column);
        column += part.text().length();
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static void draw(StringBuilder svg, Part part, int row, int column) {
    String text = part.text();
    int from = 0;
    while (from < text.length()) {
      int to = from;
      if (isBar(text.charAt(from))) {
        bar(svg, text.charAt(from), part, row, column + from);
        to++;
      } else {
        while (to < text.length() && !isBar(text.charAt(to))) {
          to++;
        }
        words(svg, text.substring(from, to), part, row, column + from);
      }
      from = to;
    }
  }

  private static boolean isBar(char c) {
    return c == EMPTY || SPARKS.indexOf(c) >= 0;
  }

  private static void bar(StringBuilder svg, char c, Part part, int row, int column) {
    int eighths = c == EMPTY ? SPARKS.length() : SPARKS.indexOf(c) + 1;
    double full = ROW - 6;
    double height = full * eighths / SPARKS.length();
    svg.append(
        text(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"%s/>%n",
            MARGIN + column * CELL,
            MARGIN + row * ROW + 3 + full - height,
            CELL - 1,
            height,
            part.style().colour(),
            c == EMPTY ? " opacity=\"0.2\"" : ""));
  }

  /** Each run of text is as wide as its cells, whatever font is found. */
  private static void words(StringBuilder svg, String text, Part part, int row, int column) {
    if (!text.isBlank()) {
      svg.append(
          text(
              "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" fill=\"%s\" xml:space=\"preserve\">%s"
                  + "</text>%n",
              MARGIN + column * CELL,
              MARGIN + row * ROW + 15,
              text.length() * CELL,
              part.style().colour(),
              escape(text)));
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format.replace("%n", "\n"), arguments);
  }
}
