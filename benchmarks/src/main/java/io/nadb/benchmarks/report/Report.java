package io.nadb.benchmarks.report;

import io.nadb.benchmarks.run.Results;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What was measured, as text for the console and as a page with a chart. */
public final class Report {
  private final Results results;
  private final Scale scale;
  private final Summary summary;
  private final Tables tables;

  /** Makes a report of these results, which were measured at this scale. */
  public Report(Results results, Scale scale) {
    this.results = results;
    this.scale = scale;
    this.summary = new Summary(results.measurements());
    this.tables = new Tables(summary, scale);
  }

  /** All tables as plain text, the targets last. */
  public String plain() {
    StringBuilder text = new StringBuilder();
    for (Workload workload : measured()) {
      text.append('\n').append(workload.title()).append('\n');
      for (Metric metric : workload.metrics()) {
        text.append('\n').append(Tables.plain(tables.of(workload, metric)));
      }
      tables.failures(workload).forEach(why -> text.append("  ").append(why).append('\n'));
    }
    String targets = Tables.plain(tables.targets()).replace("**no**", "    no");
    return text.append("\nTargets\n\n").append(targets).toString();
  }

  /**
   * Writes the page, and the chart beside it.
   *
   * @param remarks what a person has to say on the figures; empty if nothing
   * @param profiles where the time goes, as sections; empty if that is not known
   */
  public void write(Path page, String remarks, String profiles) throws IOException {
    Files.createDirectories(page.toAbsolutePath().getParent());
    String chart = String.valueOf(page.getFileName()).replaceAll("\\.md$", "") + ".svg";
    Files.writeString(page.resolveSibling(chart), chart());
    Files.writeString(page, page(chart, remarks, profiles));
  }

  private List<Workload> measured() {
    return Workloads.all().stream().filter(each -> summary.has(each.name())).toList();
  }

  private String page(String chart, String remarks, String profiles) {
    StringBuilder text = new StringBuilder();
    text.append("# Speed\n\n");
    text.append("NADB beside the stores a user would pick instead. Written by `benchmarks/run`; ");
    text.append("each figure is the median of its rounds, each trial ran in a JVM of its own, ");
    text.append("and what was read was compared with what was written. ");
    text.append("[Machine, versions and commands](#how-it-was-measured) are at the end.\n");
    text.append("\n![Chart of the figures below](").append(chart).append(")\n");
    text.append("\n## Targets\n\n").append(Tables.markdown(tables.targets()));
    if (!remarks.isBlank()) {
      text.append('\n').append(remarks.strip()).append('\n');
    }
    for (Workload workload : measured()) {
      text.append("\n## ").append(workload.title()).append("\n\n");
      text.append(workload.description()).append('\n');
      for (Metric metric : workload.metrics()) {
        text.append('\n').append(Tables.markdown(tables.of(workload, metric)));
      }
      List<String> failures = tables.failures(workload);
      if (!failures.isEmpty()) {
        text.append('\n');
        failures.forEach(why -> text.append("- ").append(why).append('\n'));
      }
    }
    if (!profiles.isBlank()) {
      text.append('\n').append(profiles.strip()).append('\n');
    }
    text.append("\n## How it was measured\n\n");
    results.remarks().forEach(remark -> text.append("- ").append(remark).append('\n'));
    return text.toString();
  }

  private String chart() {
    Chart chart = new Chart(summary);
    for (Workload workload : measured()) {
      List<Variant> variants = workload.variants(scale);
      Metric metric = workload.metrics().get(0);
      for (Variant variant : headline(workload, variants)) {
        chart.add(
            workload.title() + ", " + variant.label(), workload.name(), variant.label(), metric);
      }
    }
    return chart.svg();
  }

  /** The variants that targets are about, or the first. */
  private List<Variant> headline(Workload workload, List<Variant> variants) {
    List<Variant> chosen =
        variants.stream()
            .filter(
                variant ->
                    Targets.of(scale).stream()
                        .anyMatch(
                            target ->
                                target instanceof Target.Lead lead
                                    && lead.workload().equals(workload.name())
                                    && lead.variant().equals(variant.label())))
            .toList();
    return chosen.isEmpty() ? variants.subList(0, 1) : chosen;
  }
}
