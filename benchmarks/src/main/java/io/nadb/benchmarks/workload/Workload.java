package io.nadb.benchmarks.workload;

import io.nadb.benchmarks.store.StoreKind;
import java.util.List;
import java.util.Optional;

/** A kind of work that every store is given. */
public interface Workload {

  /** The name in arguments and results. */
  String name();

  /** The heading of its table. */
  String title();

  /** What is done and how, what is built by hand for peers, and who is left out. */
  String description();

  /** The forms that it comes in. */
  List<Variant> variants(Scale scale);

  /** What is measured; the first is what the workload is about. */
  List<Metric> metrics();

  /** Whether the store takes part. */
  boolean includes(StoreKind kind);

  /** What the store holds before; empty for a store that is new. */
  default Optional<Template> template(Variant variant) {
    return Optional.empty();
  }

  /** How much memory it is done with; empty for as much as any other. */
  default Optional<Memory> memory(Variant variant) {
    return Optional.empty();
  }

  /** Does the work once, after warming up, and reports what it measured. */
  void run(Trial trial) throws Exception;
}
