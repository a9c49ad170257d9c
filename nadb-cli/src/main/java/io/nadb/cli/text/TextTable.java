package io.nadb.cli.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows below the heads of their columns. The first of many rows decide how wide the columns are, so
 * that a table without end needs no memory; on a terminal, the widest column gives way.
 *
 * @since 0.1.0
 */
public final class TextTable {
  private static final int MEASURED = 500;
  private static final int MIN_COLUMNS = 8;
  private static final String GAP = "  ";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream out;
  private final int room;
  private final boolean colours;
  private final List<Column> columns = new ArrayList<>();
  private final List<String[]> waiting = new ArrayList<>();
  private int[] widths = {};
  private boolean begun;

  private record Column(String head, boolean right) {}

  /**
   * Creates a table.
   *
   * @param room how many columns the terminal has; {@link Integer#MAX_VALUE} if there is none
   * @param colours whether the heads look different
   */
  public TextTable(PrintStream out, int room, boolean colours) {
    this.out = out;
    this.room = room;
    this.colours = colours;
  }

  /** Adds a column of texts. */
  public TextTable left(String head) {
    columns.add(new Column(head, false));
    return this;
  }

  /** Adds a column of numbers. */
  public TextTable right(String head) {
    columns.add(new Column(head, true));
    return this;
  }

  /** Adds a row, which is printed now or later. */
  public void row(String... cells) {
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Printable.of(cells[i]);
    }
    if (begun) {
      print(cells, false);
    } else {
      waiting.add(cells);
      if (waiting.size() == MEASURED) {
        begin();
      }
    }
  }

  /** Prints what has not been printed yet. */
  public void end() {
    if (!begun && !waiting.isEmpty()) {
      begin();
    }
    out.flush();
  }

  private void begin() {
    begun = true;
    widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          waiting.stream()
              .mapToInt(row -> Printable.columns(row[column]))
              .reduce(Printable.columns(columns.get(i).head), Math::max);
    }
    fit();
    print(columns.stream().map(Column::head).toArray(String[]::new), true);
    waiting.forEach(row -> print(row, false));
    waiting.clear();
  }

  private void fit() {
    int all = GAP.length() * (widths.length - 1);
    for (int width : widths) {
      all += width;
    }
    while (all > room) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= MIN_COLUMNS) {
        return;
      }
      widths[widest]--;
      all--;
    }
  }

  private void print(String[] cells, boolean head) {
    String text = line(cells);
    if (Printable.columns(text) > room) {
      String[] fitting = new String[cells.length];
      for (int i = 0; i < cells.length; i++) {
        fitting[i] = cut(cells[i], widths[i]);
      }
      text = line(fitting);
    }
    out.println(head && colours ? DIM + text + PLAIN : text);
  }

  private String line(String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String fill = " ".repeat(Math.max(0, widths[i] - Printable.columns(cells[i])));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right ? fill + cells[i] : cells[i] + fill);
    }
    return line.toString().stripTrailing();
  }

  /** Cuts a text in the middle, since keys differ at their ends. */
  static String cut(String text, int room) {
    if (Printable.columns(text) <= room) {
      return text;
    }
    int[] points = text.codePoints().toArray();
    int from = 0;
    int to = points.length;
    int left = room - 1;
    StringBuilder begin = new StringBuilder();
    StringBuilder end = new StringBuilder();
    while (from < to) {
      boolean atEnd = begin.length() > end.length();
      String next = Character.toString(points[atEnd ? to - 1 : from]);
      left -= Printable.columns(next);
      if (left < 0) {
        break;
      }
      if (atEnd) {
        end.insert(0, next);
        to--;
      } else {
        begin.append(next);
        from++;
      }
    }
    return begin + "…" + end;
  }
}
