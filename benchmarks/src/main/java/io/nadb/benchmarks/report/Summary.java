package io.nadb.benchmarks.report;

import io.nadb.benchmarks.run.Measurement;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All that was measured, summed up over the rounds. */
final class Summary {
  private final List<Measurement> measurements;

  Summary(List<Measurement> measurements) {
    this.measurements = List.copyOf(measurements);
  }

  /** What a store has achieved, unless it was not measured. */
  Optional<Figure> figure(String workload, String variant, StoreKind kind, String metric) {
    double[] values =
        measurements.stream()
            .filter(each -> each.workload().equals(workload) && each.variant().equals(variant))
            .filter(each -> each.store().equals(kind.label()) && each.metric().equals(metric))
            .mapToDouble(Measurement::value)
            .toArray();
    return values.length == 0 ? Optional.empty() : Optional.of(Figure.of(values));
  }

  /** Why a store has no figure. */
  Optional<String> failure(String workload, String variant, StoreKind kind) {
    return measurements.stream()
        .filter(each -> each.workload().equals(workload) && each.variant().equals(variant))
        .filter(each -> each.store().equals(kind.label()))
        .filter(each -> each.metric().equals(Measurement.FAILED))
        .map(Measurement::failure)
        .findFirst();
  }

  /** The peer that is ahead of all others. */
  Optional<StoreKind> bestPeer(String workload, String variant, Metric metric) {
    Comparator<StoreKind> byFigure =
        Comparator.comparingDouble(
            kind -> figure(workload, variant, kind, metric.name()).orElseThrow().median());
    return Arrays.stream(StoreKind.values())
        .filter(StoreKind::isPeer)
        .filter(kind -> figure(workload, variant, kind, metric.name()).isPresent())
        .max(metric.moreIsBetter() ? byFigure : byFigure.reversed());
  }

  /** How many times NADB is ahead of another; below 1, it is behind. */
  Optional<Double> lead(String workload, String variant, StoreKind rival, Metric metric) {
    return lead(workload, variant, StoreKind.NADB, rival, metric);
  }

  /** The same for one of NADB's. */
  Optional<Double> lead(
      String workload, String variant, StoreKind own, StoreKind rival, Metric metric) {
    Optional<Figure> ours = figure(workload, variant, own, metric.name());
    Optional<Figure> theirs = figure(workload, variant, rival, metric.name());
    return ours.flatMap(figure -> theirs.flatMap(figure::times))
        .map(ratio -> metric.moreIsBetter() ? ratio : 1 / ratio);
  }

  /** Whether anything was measured of a workload. */
  boolean has(String workload) {
    return measurements.stream().anyMatch(each -> each.workload().equals(workload));
  }

  /** Whether anything was measured of a store in a workload, or was to be. */
  boolean has(String workload, StoreKind kind) {
    return measurements.stream()
        .anyMatch(each -> each.workload().equals(workload) && each.store().equals(kind.label()));
  }
}
