package io.nadb.agent.terminal;

import java.util.ArrayList;
import java.util.List;

/** Text in lines and colours, to be shown on a terminal or drawn. */
final class Frame {
  private final List<List<Part>> lines = new ArrayList<>();

  /** How a part looks. */
  enum Style {
    PLAIN("", "#d6deeb"),
    TITLE("\u001b[1m", "#ffffff"),
    DIM("\u001b[2m", "#7f8fa6"),
    GOOD("\u001b[32m", "#7bd88f"),
    WARN("\u001b[33m", "#fcb86c"),
    BAD("\u001b[31m", "#ff6b81");

    private final String ansi;
    private final String colour;

    Style(String ansi, String colour) {
      this.ansi = ansi;
      this.colour = colour;
    }

    String ansi() {
      return ansi;
    }

    String colour() {
      return colour;
    }
  }

  /** A piece of a line. */
  record Part(String text, Style style) {}

  Frame line() {
    lines.add(new ArrayList<>());
    return this;
  }

  Frame add(String text, Style style) {
    lines.get(lines.size() - 1).add(new Part(text, style));
    return this;
  }

  Frame add(String text) {
    return add(text, Style.PLAIN);
  }

  List<List<Part>> lines() {
    return lines;
  }

  /** As much of it as there is room for; the last line tells if there are more. */
  Frame fit(int rows, int columns) {
    Frame fitting = new Frame();
    boolean all = lines.size() <= rows;
    int shown = all ? lines.size() : Math.max(0, rows - 1);
    for (List<Part> line : lines.subList(0, shown)) {
      fitting.line();
      int room = columns;
      for (Part part : line) {
        String text = part.text().substring(0, Math.min(room, part.text().length()));
        fitting.add(text, part.style());
        room -= text.length();
      }
    }
    if (!all) {
      String more = "… " + (lines.size() - shown) + " lines more";
      fitting.line().add(more.substring(0, Math.min(columns, more.length())), Style.DIM);
    }
    return fitting;
  }

  /** As text without colours. */
  String plain() {
    return render(false);
  }

  /** As text with the colours of a terminal. */
  String ansi() {
    return render(true);
  }

  private String render(boolean colours) {
    StringBuilder text = new StringBuilder();
    for (List<Part> line : lines) {
      StringBuilder row = new StringBuilder();
      for (Part part : line) {
        boolean coloured = colours && part.style() != Style.PLAIN;
        row.append(coloured ? part.style().ansi() : "")
            .append(part.text())
            .append(coloured ? "\u001b[0m" : "");
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
