package io.nadb.benchmarks.workload;

import java.util.List;

/** All workloads. */
public final class Workloads {
  private static final List<Workload> ALL =
      List.of(
          new FirstMinute(),
          new SetCost(),
          new SetLatency(),
          new Load(),
          new Overwrite(),
          new RandomGet(),
          new BeyondMemoryGet(),
          new Mixed(),
          new SyncedSet(),
          new Transactions(),
          new AtomicChanges(),
          new ValueSizes(),
          new Tags(),
          new TagQueries(),
          new Expiry(),
          new Listing(),
          new DiskSpace(),
          new HeapPerKey(),
          new SqlCopy(),
          // Last, and killed stores last within it, since their stores take most of the disk.
          new Open());

  private Workloads() {}

  /** Returns them in the order in which they run and are shown. */
  public static List<Workload> all() {
    return ALL;
  }

  /**
   * Returns the workload of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Workload of(String name) {
    return ALL.stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no workload '"
                        + name
                        + "'; there are "
                        + ALL.stream().map(Workload::name).toList()));
  }
}
