package io.nadb.benchmarks.run;

import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import io.nadb.benchmarks.store.Discipline;
import io.nadb.benchmarks.store.Setup;
import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.store.Stores;
import io.nadb.benchmarks.workload.Quiet;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Template;
import io.nadb.benchmarks.workload.Trial;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JVM in which one trial runs, or one store is filled. */
public final class Child {
  /** How a line begins that tells a result: then come the metric and its value, after tabs. */
  static final String RESULT = "@result";

  /** The exit status of a child that was to die. */
  static final int HALTED = 137;

  private static final long UNFLUSHED_BYTES = 1 << 19;

  private Child() {}

  /** Runs what {@link Launcher} asks for; see there. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    StoreKind kind = StoreKind.of(args[2]);
    if (args[0].equals("fill")) {
      Template template = Template.ofArgument(args[3]);
      Store store = fill(kind, template, directory);
      if (template.killed()) {
        Runtime.getRuntime().halt(HALTED);
      }
      Quiet.await(store::hasBacklog);
      store.close();
    } else {
      Workload workload = Workloads.of(args[3]);
      Scale scale = Scale.ofArgument(args[5]);
      Variant variant = variant(workload, scale, args[4]);
      Profile.record(() -> run(workload, variant, kind, scale, directory));
    }
  }

  private static Variant variant(Workload workload, Scale scale, String label) {
    return workload.variants(scale).stream()
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(workload.name() + " has no " + label));
  }

  static void run(Workload workload, Variant variant, StoreKind kind, Scale scale, Path directory)
      throws Exception {
    boolean filled = workload.template(variant).isPresent();
    workload.run(
        new Trial(
            kind,
            scale,
            variant,
            filled,
            directory,
            (metric, value) ->
                System.out.println(String.join("\t", RESULT, metric.name(), "" + value))));
  }

  /** Fills a store; if it is to be killed, some writes were not flushed. */
  static Store fill(StoreKind kind, Template template, Path directory) throws IOException {
    Files.createDirectories(directory);
    // NADB goes on with what it has put off when a flush in the background wakes it.
    boolean flushing = template.killed() || kind == StoreKind.NADB;
    Discipline discipline = flushing ? Discipline.PER_MEGABYTE : Discipline.AT_FLUSH;
    Setup setup = Setup.of(directory, discipline, template.keys(), template.valueBytes());
    Store store = Stores.open(kind, template.labelled() ? setup.asLabelled() : setup);
    Values values = new Values(template.valueBytes());
    for (int i = 0; i < template.keys(); i++) {
      store.set(Keys.of(i), values.of(i, 0));
    }
    store.flush();
    for (int i = 0; template.killed() && i < UNFLUSHED_BYTES / template.valueBytes(); i++) {
      store.set(Keys.of(template.keys() + i), values.of(i, 0));
    }
    return store;
  }
}
