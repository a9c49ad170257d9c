package io.nadb.benchmarks.report;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The tables of a report, each a list of rows of cells; the first row is the heading. */
final class Tables {
  private final Summary summary;
  private final Scale scale;

  Tables(Summary summary, Scale scale) {
    this.summary = summary;
    this.scale = scale;
  }

  /** A row for each store, a column for each variant, and NADB's lead below. */
  List<List<String>> of(Workload workload, Metric metric) {
    List<Variant> variants = workload.variants(scale);
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of(metric.unit()));
    variants.forEach(variant -> heading.add(variant.label()));
    rows.add(heading);
    for (StoreKind kind : StoreKind.values()) {
      if (summary.has(workload.name(), kind)) {
        List<String> row = new ArrayList<>(List.of(kind.label()));
        variants.forEach(variant -> row.add(cell(workload, variant, kind, metric)));
        rows.add(row);
      }
    }
    List<String> lead = new ArrayList<>(List.of("nadb ahead of the best peer"));
    variants.forEach(variant -> lead.add(lead(workload, variant, metric)));
    if (lead.stream().skip(1).anyMatch(cell -> !cell.equals("–"))) {
      rows.add(lead);
    }
    return rows;
  }

  private String cell(Workload workload, Variant variant, StoreKind kind, Metric metric) {
    return summary
        .figure(workload.name(), variant.label(), kind, metric.name())
        .map(Numbers::shown)
        .orElse(
            summary.failure(workload.name(), variant.label(), kind).isPresent() ? "failed" : "–");
  }

  private String lead(Workload workload, Variant variant, Metric metric) {
    Optional<StoreKind> best = summary.bestPeer(workload.name(), variant.label(), metric);
    return best.flatMap(
            kind ->
                summary
                    .lead(workload.name(), variant.label(), kind, metric)
                    .map(lead -> Numbers.ratio(lead) + " " + kind.label()))
        .orElse("–");
  }

  /** A row for each target that was measured. */
  List<List<String>> targets() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("work", "target", "measured", "met"));
    for (Target target : new LinkedHashSet<>(Targets.of(scale))) {
      target
          .judge(summary)
          .ifPresent(
              verdict ->
                  rows.add(
                      List.of(
                          verdict.work(),
                          verdict.wanted(),
                          verdict.found(),
                          verdict.met() ? "yes" : "**no**")));
    }
    return rows;
  }

  /** Why stores have no figures, a sentence each. */
  List<String> failures(Workload workload) {
    List<String> failures = new ArrayList<>();
    for (Variant variant : workload.variants(scale)) {
      for (StoreKind kind : StoreKind.values()) {
        summary
            .failure(workload.name(), variant.label(), kind)
            .ifPresent(why -> failures.add(kind.label() + ", " + variant.label() + ": " + why));
      }
    }
    return failures;
  }

  static String markdown(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      boolean ours = row > 0 && rows.get(row).get(0).startsWith("nadb");
      text.append('|');
      for (String cell : rows.get(row)) {
        text.append(ours ? " **" + cell + "** |" : " " + cell + " |");
      }
      text.append('\n');
      if (row == 0) {
        text.append("|---|").append("--:|".repeat(rows.get(0).size() - 1)).append('\n');
      }
    }
    return text.toString();
  }

  static String plain(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        String fill = " ".repeat(widths[column] - cell.length());
        text.append("  ").append(column == 0 ? cell + fill : fill + cell);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
