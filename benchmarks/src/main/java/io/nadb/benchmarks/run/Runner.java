package io.nadb.benchmarks.run;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Memory;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Runs all trials: variant by variant, round by round, store by store. */
public final class Runner {
  private final Arguments arguments;
  private final Path directory;
  private final Path recording;
  private final Launcher launcher;
  private final Templates templates;
  private final Results results;
  private final Profiles profiles;
  private final PrintStream out;

  /**
   * Makes a runner.
   *
   * @param results takes what is measured; what it has already is not measured again
   * @param out takes the progress
   */
  public Runner(Arguments arguments, Results results, PrintStream out) {
    this.arguments = arguments;
    this.directory = arguments.directory();
    this.recording = directory.resolve("output").resolve("profile.collapsed").toAbsolutePath();
    this.launcher =
        new Launcher(
            directory.resolve("output"),
            arguments.limit(),
            arguments.profile() ? Profile.arguments(recording) : List.of());
    this.templates = new Templates(directory.resolve("filled"), launcher);
    this.results = results;
    this.profiles = new Profiles(arguments.kept());
    this.out = out;
  }

  /** One variant of one workload. */
  private record Job(Workload workload, Variant variant) {}

  /** Measures everything that has not been measured yet. */
  public void run() throws IOException, InterruptedException {
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        // They would delete each other's folders, and measure each other.
        throw new IllegalStateException(
            "another run is at work in " + directory + "; wait until it has ended");
      }
      runAll();
    }
  }

  private void runAll() throws IOException, InterruptedException {
    List<Job> jobs = new ArrayList<>();
    for (Workload workload : arguments.workloads()) {
      workload.variants(arguments.scale()).stream()
          .filter(arguments::includes)
          .forEach(variant -> jobs.add(new Job(workload, variant)));
    }
    if (arguments.again()) {
      for (Job job : jobs) {
        for (StoreKind kind : arguments.stores()) {
          results.forget(job.workload.name(), job.variant.label(), kind.label());
        }
      }
    }
    for (int at = 0; at < jobs.size(); at++) {
      run(jobs.get(at));
      templates.keepOnly(folders(jobs.subList(at + 1, jobs.size())));
    }
    Folders.delete(directory.resolve("trial"));
    Folders.delete(directory.resolve("filled"));
  }

  private Set<String> folders(List<Job> jobs) {
    Set<String> folders = new HashSet<>();
    for (Job job : jobs) {
      job.workload
          .template(job.variant)
          .ifPresent(
              template ->
                  arguments
                      .stores()
                      .forEach(kind -> folders.add(Templates.folder(kind, template))));
    }
    return folders;
  }

  private void run(Job job) throws IOException, InterruptedException {
    List<StoreKind> taking =
        new ArrayList<>(arguments.stores().stream().filter(job.workload::includes).toList());
    out.println(job.workload.title() + ", " + job.variant.label());
    for (int round = 1; round <= arguments.scale().rounds(); round++) {
      for (StoreKind kind : taking) {
        if (!results.has(job.workload.name(), job.variant.label(), kind.label(), round)) {
          run(job, kind, round);
        }
      }
      // Nobody always comes after the same other.
      Collections.rotate(taking, 1);
    }
  }

  private void run(Job job, StoreKind kind, int round) throws IOException, InterruptedException {
    Path trial = directory.resolve("trial");
    Folders.delete(trial);
    Files.createDirectories(trial);
    var template = job.workload.template(job.variant);
    String missing =
        template.isPresent() ? templates.copy(kind, template.get(), trial.resolve("store")) : "";
    Files.createDirectories(trial.resolve("store"));
    Launcher.Outcome outcome =
        missing.isEmpty()
            ? launch(
                job,
                List.of(
                    "trial",
                    trial.toString(),
                    kind.label(),
                    job.workload.name(),
                    job.variant.label(),
                    arguments.scale().toArgument()))
            : new Launcher.Outcome(java.util.Map.of(), missing);
    Folders.delete(trial);
    StringBuilder line = new StringBuilder(String.format("  %d %-14s", round, kind.label()));
    if (outcome.failed()) {
      record(job, kind, round, Measurement.FAILED, Double.NaN, outcome.failure());
      line.append(outcome.failure());
    }
    for (Metric metric : job.workload.metrics()) {
      Optional<Double> value = Optional.ofNullable(outcome.measured().get(metric.name()));
      if (value.isPresent() && !outcome.failed()) {
        record(job, kind, round, metric.name(), value.get(), "");
        line.append(String.format(Locale.ROOT, "%,14.1f %s", value.get(), metric.unit()));
      }
    }
    out.println(line);
    if (arguments.profile() && Files.exists(recording)) {
      String profile = Profile.of(recording);
      out.println(profile);
      profiles.keep(
          job.workload.title() + ", " + job.variant.label() + ": " + kind.label(), profile);
    }
  }

  private Launcher.Outcome launch(Job job, List<String> command)
      throws IOException, InterruptedException {
    Optional<Memory> memory = job.workload.memory(job.variant);
    return memory.isPresent() ? launcher.run(command, memory.get()) : launcher.run(command);
  }

  private void record(
      Job job, StoreKind kind, int round, String metric, double value, String failure)
      throws IOException {
    results.add(
        new Measurement(
            job.workload.name(), job.variant.label(), kind.label(), round, metric, value, failure));
  }
}
