package io.nadb.benchmarks.report;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.util.List;
import java.util.Optional;

/** What NADB is to achieve. */
sealed interface Target {

  /** Compares with what was measured; empty if it was not. */
  Optional<Verdict> judge(Summary summary);

  /** A metric of a workload, which has to have it. */
  static Metric find(String workload, String name) {
    Workload found = Workloads.of(workload);
    return found.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(workload + " has no metric " + name));
  }

  /**
   * A lead over another store, or over the best of the peers.
   *
   * @param ours which of NADB's
   * @param rivals whom to be ahead of; none: the best peer
   * @param factor how many times ahead, at least
   */
  record Lead(
      String work,
      String workload,
      String variant,
      String metric,
      StoreKind ours,
      List<StoreKind> rivals,
      double factor)
      implements Target {
    Lead(
        String work,
        String workload,
        String variant,
        String metric,
        List<StoreKind> rivals,
        double factor) {
      this(work, workload, variant, metric, StoreKind.NADB, rivals, factor);
    }

    /** Copies the rivals. */
    public Lead {
      rivals = List.copyOf(rivals);
    }

    @Override
    public Optional<Verdict> judge(Summary summary) {
      Metric what = find(workload, metric);
      Optional<StoreKind> rival =
          rivals.isEmpty() ? summary.bestPeer(workload, variant, what) : Optional.of(rivals.get(0));
      return rival.flatMap(
          kind ->
              summary
                  .lead(workload, variant, ours, kind, what)
                  .map(
                      lead ->
                          new Verdict(
                              work,
                              "≥ "
                                  + Numbers.ratio(factor)
                                  + " "
                                  + (rivals.isEmpty() ? "the best peer" : kind.label()),
                              Numbers.ratio(lead) + (rivals.isEmpty() ? " " + kind.label() : ""),
                              lead >= factor)));
    }
  }

  /**
   * A figure that must not be larger.
   *
   * @param ours which of NADB's
   * @param most how large it may be
   */
  record Limit(
      String work, String workload, String variant, String metric, StoreKind ours, double most)
      implements Target {
    Limit(String work, String workload, String variant, String metric, double most) {
      this(work, workload, variant, metric, StoreKind.NADB, most);
    }

    @Override
    public Optional<Verdict> judge(Summary summary) {
      String unit = find(workload, metric).unit();
      return summary
          .figure(workload, variant, ours, metric)
          .map(
              figure ->
                  new Verdict(
                      work,
                      "≤ " + Numbers.shown(most) + " " + unit,
                      Numbers.shown(figure.median()) + " " + unit,
                      figure.median() <= most));
    }
  }

  /**
   * A figure, zero possibly, that must not be larger than another store's.
   *
   * @param rival whose
   */
  record NotAbove(String work, String workload, String variant, String metric, StoreKind rival)
      implements Target {
    @Override
    public Optional<Verdict> judge(Summary summary) {
      String unit = find(workload, metric).unit();
      Optional<Figure> ours = summary.figure(workload, variant, StoreKind.NADB, metric);
      return summary
          .figure(workload, variant, rival, metric)
          .flatMap(
              theirs ->
                  ours.map(
                      own ->
                          new Verdict(
                              work,
                              "≤ "
                                  + rival.label()
                                  + ", "
                                  + Numbers.shown(theirs.median())
                                  + " "
                                  + unit,
                              Numbers.shown(own.median()) + " " + unit,
                              own.median() <= theirs.median())));
    }
  }

  /**
   * A cost that may not grow much from one variant to another.
   *
   * @param small the variant to begin with
   * @param large the variant to compare with it
   * @param most how many times as much an operation may cost there
   */
  record Growth(
      String work, String workload, String small, String large, String metric, double most)
      implements Target {
    @Override
    public Optional<Verdict> judge(Summary summary) {
      boolean rate = find(workload, metric).moreIsBetter();
      Optional<Figure> begin = summary.figure(workload, small, StoreKind.NADB, metric);
      Optional<Figure> end = summary.figure(workload, large, StoreKind.NADB, metric);
      if (begin.isEmpty() || end.isEmpty() || small.equals(large)) {
        return Optional.empty();
      }
      double ratio = end.get().median() / begin.get().median();
      double growth = rate ? 1 / ratio : ratio;
      return Optional.of(
          new Verdict(
              work + ", " + small + " to " + large,
              "≤ " + Numbers.ratio(most),
              Numbers.ratio(growth),
              growth <= most));
    }
  }
}
