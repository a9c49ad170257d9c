package io.nadb.benchmarks.report;

import io.nadb.benchmarks.run.BeforeAndAfter;
import io.nadb.benchmarks.run.Measurement;
import io.nadb.benchmarks.run.Results;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What has become faster and what slower since a commit, as Markdown. */
public final class BeforeAndAfterPage {
  private final List<Measurement> measurements;
  private final Scale scale;
  private final String how;

  /**
   * Prepares it.
   *
   * @param how where and by which command it was measured
   */
  public BeforeAndAfterPage(Results results, Scale scale, String how) {
    this.measurements = results.measurements();
    this.scale = scale;
    this.how = how;
  }

  /** Returns the page. */
  public String text() {
    StringBuilder page =
        new StringBuilder(
            """
            # Before and after

            NADB as it was at an earlier commit beside NADB as it is: the same work, in turns, each \
            trial in a JVM of its own. A ratio above 1 is faster, or less, than before; what lies \
            within the spread of the two says nothing. Written by `benchmarks/run --before`.

            | work | | before | after | after : before |
            |---|---|--:|--:|--:|
            """);
    for (Workload workload : Workloads.all()) {
      for (Variant variant : workload.variants(scale)) {
        for (Metric metric : workload.metrics()) {
          row(page, workload, variant, metric);
        }
      }
    }
    return page.append("\n- ").append(how).append("\n").toString();
  }

  private void row(StringBuilder page, Workload workload, Variant variant, Metric metric) {
    Optional<Figure> before = figure(workload, variant, BeforeAndAfter.BEFORE, metric);
    Optional<Figure> after = figure(workload, variant, BeforeAndAfter.AFTER, metric);
    if (before.isEmpty() || after.isEmpty()) {
      return;
    }
    String ratio =
        after
            .get()
            .times(before.get())
            .map(times -> Numbers.ratio(metric.moreIsBetter() ? times : 1 / times))
            .orElse("–");
    page.append(
        String.format(
            Locale.ROOT,
            "| %s, %s | %s | %s | %s | %s |%n",
            workload.name(),
            variant.label(),
            metric.unit(),
            Numbers.shown(before.get()),
            Numbers.shown(after.get()),
            ratio));
  }

  private Optional<Figure> figure(Workload workload, Variant variant, String side, Metric metric) {
    double[] values =
        measurements.stream()
            .filter(each -> each.workload().equals(workload.name()))
            .filter(each -> each.variant().equals(variant.label()))
            .filter(each -> each.store().equals(side) && each.metric().equals(metric.name()))
            .mapToDouble(Measurement::value)
            .toArray();
    return values.length == 0 ? Optional.empty() : Optional.of(Figure.of(values));
  }
}
