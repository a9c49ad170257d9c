package io.nadb.benchmarks.report;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workloads;
import java.util.ArrayList;
import java.util.List;

/** All targets, for stores of a given size. */
final class Targets {
  private static final List<StoreKind> BEST_PEER = List.of();

  private Targets() {}

  static List<Target> of(Scale scale) {
    String usual = label(scale.keys());
    String big = label(scale.big());
    String small = label(scale.keys() / 100);
    String burst = label(Math.min(500_000, scale.keys()));
    List<Target> targets = new ArrayList<>();
    for (Variant variant : Workloads.of("first-minute").variants(scale)) {
      targets.add(first("load", "loaded", variant, 2));
      targets.add(first("overwrite", "overwritten", variant, 3));
      targets.add(first("get", "gets", variant, 1.8));
    }
    List<Variant> beyond = Workloads.of("get-beyond").variants(scale);
    targets.add(beyond(beyond.get(0), 0.5));
    targets.add(beyond(beyond.get(1), 0.9));
    targets.addAll(
        List.of(
            new Target.Lead("buffered set", "set", burst, "set", List.of(StoreKind.MAP), 0.5),
            new Target.Lead(
                "buffered set, p99.9 at full speed",
                "latency",
                "full speed",
                "p99.9",
                BEST_PEER,
                1),
            new Target.Lead(
                "buffered set, p99.9 at 20 k/s", "latency", "20 k/s", "p99.9", BEST_PEER, 1),
            new Target.Lead("sustained load", "load", usual, "sets", BEST_PEER, 3),
            new Target.Lead(
                "overwrite", "overwrite", usual, "sets", List.of(StoreKind.ROCKSDB_BATCH), 2.5),
            new Target.Lead("random get", "get", usual, "gets", BEST_PEER, 2),
            new Target.Lead(
                "mixed 95/5, 4 threads", "mixed", "95/5, 4T", "operations", BEST_PEER, 2),
            new Target.Lead(
                "mixed 50/50, 4 threads", "mixed", "50/50, 4T", "operations", BEST_PEER, 2),
            new Target.Lead("synced, 8 threads", "synced", "8 threads", "sets", BEST_PEER, 2),
            transactions("1 thread", 3),
            transactions("4 threads", 3),
            transactions("synced, 8 threads", 2),
            new Target.NotAbove(
                "transactions aborted, 4 threads, 100 hot keys",
                "transactions",
                "4 threads, 100 hot keys",
                "aborted",
                StoreKind.ROCKSDB_OPTIMISTIC),
            new Target.Limit("empty transaction", "atomic", burst, "transaction", 100),
            new Target.Limit("setIfAbsent", "atomic", burst, "setIfAbsent", 2),
            new Target.Limit("increment", "atomic", burst, "increment", 2),
            new Target.Lead(
                "two tags and TTL, until durable and found", "tags", usual, "sets", BEST_PEER, 1),
            new Target.Lead(
                "query by tag, 1 %", "tags", usual, "query", List.of(StoreKind.SQLITE), 1),
            new Target.Limit("page of 50 by two tags", "queries", usual, "page", 1),
            new Target.Limit("count of a tenth by a tag", "queries", usual, "count", 10),
            new Target.Limit("tags()", "queries", usual, "tags", 50),
            new Target.Lead(
                "open, closed",
                "open",
                "closed, " + usual,
                "open",
                List.of(StoreKind.ROCKSDB),
                1 / 3.0),
            new Target.Lead(
                "open, killed", "open", "killed, " + usual, "open", List.of(StoreKind.ROCKSDB), 1),
            new Target.Growth(
                "open, closed",
                "open",
                "closed, " + usual,
                "closed, " + usual + " of 1 KB",
                "open",
                1.5),
            new Target.Growth(
                "open, killed",
                "open",
                "killed, " + usual,
                "killed, " + usual + " of 1 KB",
                "open",
                1.5),
            new Target.Growth("cost of a set", "overwrite", small, big, "sets", 1.5),
            new Target.Growth("cost of a get", "get", small, big, "gets", 1.5),
            new Target.Limit("disk after five overwrites", "disk", usual, "space", 2),
            new Target.Limit("disk at most meanwhile", "disk", usual, "peak", 4),
            new Target.Limit(
                "disk at most meanwhile, metadata=sqlite",
                "disk",
                usual,
                "peak",
                StoreKind.NADB_SQL,
                4),
            new Target.Limit("first listing", "listing", usual, "first", 200),
            new Target.Limit("heap", "heap", usual, "heap", 40),
            new Target.Limit("heap", "heap", big, "heap", 40)));
    return List.copyOf(targets);
  }

  private static Target first(String work, String metric, Variant variant, double factor) {
    return new Target.Lead(
        "first minute, default URL, " + work + ", " + variant.label(),
        "first-minute",
        variant.label(),
        metric,
        StoreKind.NADB_SQL,
        BEST_PEER,
        factor);
  }

  private static Target transactions(String variant, double factor) {
    return new Target.Lead(
        "transactions, " + variant, "transactions", variant, "transactions", BEST_PEER, factor);
  }

  private static Target beyond(Variant variant, double factor) {
    return new Target.Lead(
        "random get beyond memory, " + variant.label(),
        "get-beyond",
        variant.label(),
        "gets",
        BEST_PEER,
        factor);
  }

  private static String label(int keys) {
    return Variant.ofKeys(keys).label();
  }
}
