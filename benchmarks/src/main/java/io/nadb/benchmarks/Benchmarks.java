package io.nadb.benchmarks;

import io.nadb.benchmarks.run.Results;
import io.nadb.benchmarks.run.Runner;
import java.util.List;

/** The command {@code benchmarks/run}. */
public final class Benchmarks {
  private Benchmarks() {}

  /** Runs the command; {@code --help} tells its options. */
  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--help")) {
      System.out.print(Arguments.usage());
      return;
    }
    Arguments arguments;
    try {
      arguments = Arguments.parse(List.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Results results =
        Results.open(
            arguments.directory().resolve("results-" + arguments.scale().name() + ".tsv"),
            arguments.resume());
    new Runner(
            arguments.scale(),
            arguments.workloads(),
            arguments.stores(),
            arguments.directory(),
            arguments.limit(),
            List.of(),
            results,
            System.out)
        .run();
  }
}
