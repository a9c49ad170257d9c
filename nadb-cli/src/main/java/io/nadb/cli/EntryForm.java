package io.nadb.cli;

import io.nadb.Entry;
import io.nadb.EntryMetadata;
import io.nadb.cli.text.Amounts;
import io.nadb.cli.text.JsonText;
import io.nadb.cli.text.Printable;
import io.nadb.cli.text.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Writes entries: as rows of a table, as JSON, or their keys alone. */
final class EntryForm {
  private static final int VALUE_COLUMNS = 60;

  /** Whether anybody reads is asked now and then: it means that all goes out. */
  private static final int ROWS_UNASKED = 512;

  private final Environment environment;
  private final OutputChoice output;
  private final boolean values;
  private final TextTable table;
  private int rows;

  EntryForm(Environment environment, OutputChoice output, boolean values) {
    this.environment = environment;
    this.output = output;
    this.values = values;
    TextTable begun =
        OutputChoice.table(environment)
            .left("KEY")
            .right("SIZE")
            .left("UPDATED")
            .left("EXPIRES")
            .left("TAGS");
    this.table = values ? begun.left("VALUE") : begun;
  }

  /** Writes an entry without its value. */
  void write(EntryMetadata entry) {
    if (output.json()) {
      environment.out().println(JsonText.of(json(entry)));
    } else if (output.raw()) {
      environment.out().println(entry.key());
    } else {
      table.row(cells(entry, 5));
    }
  }

  /** Writes an entry with its value. */
  void write(Entry entry) {
    if (output.json()) {
      environment.out().println(JsonText.of(json(entry)));
    } else if (output.raw() || !values) {
      write(entry.metadata());
    } else {
      String[] cells = cells(entry.metadata(), 6);
      cells[5] = Printable.line(entry.value(), VALUE_COLUMNS);
      table.row(cells);
    }
  }

  /** Writes entries without their values, as long as somebody reads them. */
  void writeAll(Stream<EntryMetadata> entries) {
    writeAll(entries, this::write);
  }

  /** Writes entries with their values, as long as somebody reads them. */
  void writeAllWithValues(Stream<Entry> entries) {
    writeAll(entries, this::write);
  }

  private <T> void writeAll(Stream<T> entries, Consumer<T> write) {
    try (entries) {
      Iterator<T> each = entries.iterator();
      while (each.hasNext()) {
        CtrlC.check();
        write.accept(each.next());
        rows++;
        if (rows % ROWS_UNASKED == 0 && environment.out().checkError()) {
          return; // As when "head" has had enough.
        }
      }
    }
    end();
  }

  /** Writes what has not been written yet. */
  void end() {
    table.end();
  }

  private String[] cells(EntryMetadata entry, int count) {
    String[] cells = new String[count];
    cells[0] = entry.key();
    cells[1] = Amounts.size(entry.size());
    cells[2] = Amounts.time(entry.updated(), environment.zone());
    cells[3] = entry.expiresAt().map(this::left).orElse("");
    cells[4] = String.join(", ", entry.tags());
    return cells;
  }

  private String left(Instant expiry) {
    return "in " + Amounts.duration(Duration.between(environment.time().now(), expiry));
  }

  /** An entry without its value, by the names that the API has. */
  static Map<String, Object> json(EntryMetadata entry) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", entry.key());
    json.put("size", entry.size());
    json.put("created", entry.created());
    json.put("updated", entry.updated());
    json.put("expiresAt", entry.expiresAt());
    json.put("tags", entry.tags());
    return json;
  }

  /** An entry with its value: as a text, if it is UTF-8, and else in Base64. */
  static Map<String, Object> json(Entry entry) {
    Map<String, Object> json = json(entry.metadata());
    Printable.text(entry.value())
        .ifPresentOrElse(
            text -> json.put("value", text),
            () -> json.put("valueBase64", Base64.getEncoder().encodeToString(entry.value())));
    return json;
  }
}
