package io.nadb.benchmarks.run;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Template;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Measures NADB as it was at a commit, and as it is, in turns: the same work in JVMs alike. */
public final class BeforeAndAfter {
  /** The name of the earlier one in the results. */
  public static final String BEFORE = "before";

  /** The name of the present one in the results. */
  public static final String AFTER = "after";

  private final Arguments arguments;
  private final String commit;
  private final Results results;
  private final PrintStream out;

  /**
   * Prepares it.
   *
   * @param commit any name of a commit that git understands
   * @param results takes what is measured
   * @param out takes the progress
   */
  public BeforeAndAfter(Arguments arguments, String commit, Results results, PrintStream out) {
    this.arguments = arguments;
    this.commit = commit;
    this.results = results;
    this.out = out;
  }

  /** One of the two, with folders of its own: their stores may have other formats. */
  private record Side(String name, Path directory, Launcher launcher, Templates templates) {

    static Side of(String name, Path root, Arguments arguments, String classPath) {
      Path directory = root.resolve(name);
      Launcher launcher =
          new Launcher(directory.resolve("output"), arguments.limit(), List.of(), classPath);
      return new Side(
          name, directory, launcher, new Templates(directory.resolve("filled"), launcher));
    }
  }

  /** Builds the earlier one, and measures both. */
  public void run() throws IOException, InterruptedException {
    Path root = arguments.directory().resolve("before-and-after").toAbsolutePath();
    Folders.delete(root);
    Path earlier = build(Files.createDirectories(root.resolve("source")));
    String present = System.getProperty("java.class.path", ".");
    List<Side> sides = new ArrayList<>();
    sides.add(Side.of(BEFORE, root, arguments, earlier + File.pathSeparator + present));
    sides.add(Side.of(AFTER, root, arguments, present));
    for (Workload workload : arguments.workloads()) {
      for (Variant variant : workload.variants(arguments.scale())) {
        if (workload.includes(StoreKind.NADB) && arguments.includes(variant)) {
          out.println(workload.title() + ", " + variant.label());
          for (int round = 1; round <= arguments.scale().rounds(); round++) {
            for (Side side : sides) {
              measure(side, workload, variant, round);
            }
            Collections.reverse(sides);
          }
        }
      }
    }
    Folders.delete(root);
  }

  /** Compiles the driver of that commit; returns where its classes are. */
  private Path build(Path source) throws IOException, InterruptedException {
    command(
        Path.of("."),
        "sh",
        "-c",
        "git archive --format=tar \"$0\" | tar -x -C \"$1\"",
        commit,
        source.toString());
    command(source, "mvn", "-q", "-B", "-pl", "nadb-driver", "-am", "-DskipTests", "compile");
    Path classes = source.resolve("nadb-driver/target/classes");
    if (!Files.exists(classes.resolve("io/nadb/KeyValueStore.class"))) {
      throw new IllegalStateException(
          commit + " is no commit with a driver that can be built; its name goes to git archive");
    }
    return classes;
  }

  private static void command(Path directory, String... command)
      throws IOException, InterruptedException {
    int result =
        new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start().waitFor();
    if (result != 0) {
      throw new IllegalStateException(String.join(" ", command) + " ended with " + result);
    }
  }

  private void measure(Side side, Workload workload, Variant variant, int round)
      throws IOException, InterruptedException {
    if (results.has(workload.name(), variant.label(), side.name, round)) {
      return;
    }
    Path trial = side.directory.resolve("trial");
    Folders.delete(trial);
    Files.createDirectories(trial);
    Optional<Template> template = workload.template(variant);
    String missing =
        template.isPresent()
            ? side.templates.copy(StoreKind.NADB, template.get(), trial.resolve("store"))
            : "";
    if (!missing.isEmpty()) {
      throw new IllegalStateException(side.name + ": " + missing);
    }
    Files.createDirectories(trial.resolve("store"));
    Launcher.Outcome outcome =
        side.launcher.run(
            List.of(
                "trial",
                trial.toString(),
                StoreKind.NADB.label(),
                workload.name(),
                variant.label(),
                arguments.scale().toArgument()));
    Folders.delete(trial);
    StringBuilder line = new StringBuilder(String.format("  %d %-7s", round, side.name));
    if (outcome.failed() && side.name.equals(BEFORE)) {
      // An earlier NADB need not have all that is measured; its row is left out.
      out.println(line + outcome.failure());
      return;
    }
    if (outcome.failed()) {
      throw new IllegalStateException(
          side.name + ", " + workload.name() + ", " + variant.label() + ": " + outcome.failure());
    }
    for (Metric metric : workload.metrics()) {
      Double value = outcome.measured().get(metric.name());
      if (value != null) {
        results.add(
            new Measurement(
                workload.name(), variant.label(), side.name, round, metric.name(), value, ""));
        line.append(String.format(Locale.ROOT, "%,14.1f %s", value, metric.unit()));
      }
    }
    out.println(line);
  }
}
