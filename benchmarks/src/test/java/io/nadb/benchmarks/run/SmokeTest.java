package io.nadb.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.benchmarks.store.Store;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Template;
import io.nadb.benchmarks.workload.Trial;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every workload with every store, so small that the figures mean nothing. */
class SmokeTest {
  private static final Scale SCALE = Scale.TINY;

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void everyWorkloadReportsAllItsMetrics(StoreKind kind) throws Exception {
    for (Workload workload : Workloads.all()) {
      if (!workload.includes(kind)) {
        continue;
      }
      List<Variant> variants = workload.variants(SCALE);
      // One of each for the others: it is about their code, not about the figures.
      int first = kind == StoreKind.NADB ? 0 : variants.size() - 1;
      for (Variant variant : variants.subList(first, variants.size())) {
        Path trial = directory.resolve(kind.label() + workload.name() + variant.label());
        Files.createDirectories(trial.resolve("store"));
        if (workload.template(variant).isPresent() && kind != StoreKind.MAP) {
          fill(kind, workload.template(variant).get(), trial.resolve("store"));
        }
        Map<String, Double> measured = new LinkedHashMap<>();
        workload.run(
            new Trial(
                kind,
                SCALE,
                variant,
                workload.template(variant).isPresent(),
                trial,
                (metric, value) -> measured.put(metric.name(), value)));
        assertThat(measured.keySet())
            .as(workload.name() + " " + variant.label())
            .containsExactlyInAnyOrderElementsOf(
                workload.metrics().stream().map(Metric::name).toList());
        assertThat(measured.values()).allMatch(Double::isFinite);
      }
    }
  }

  private static void fill(StoreKind kind, Template template, Path store) throws Exception {
    try (Store filled = Child.fill(kind.owner(), template, store)) {
      filled.flush();
    }
  }

  @Test
  void aStoreWhoseProcessWasKilledIsOpenedByAnother() throws Exception {
    Launcher launcher = new Launcher(directory.resolve("out"), Duration.ofMinutes(1), List.of());
    Templates templates = new Templates(directory.resolve("filled"), launcher);
    Path trial = Files.createDirectories(directory.resolve("trial"));
    Variant killed =
        Workloads.of("open").variants(SCALE).stream()
            .filter(variant -> variant.label().startsWith("killed"))
            .findFirst()
            .orElseThrow();

    String missing =
        templates.copy(StoreKind.NADB, Template.of(killed).asKilled(), trial.resolve("store"));
    Launcher.Outcome outcome =
        launcher.run(
            List.of("trial", trial.toString(), "nadb", "open", killed.label(), SCALE.toArgument()));

    assertThat(missing).isEmpty();
    assertThat(outcome.failure()).isEmpty();
    assertThat(outcome.measured()).containsOnlyKeys("open");
  }

  @Test
  @EnabledOnOs(
      value = {OS.LINUX, OS.MAC},
      disabledReason = "async-profiler runs on Linux and macOS")
  void aTrialIsProfiled() throws Exception {
    Path recording = directory.resolve("recording").toAbsolutePath();
    Launcher launcher =
        new Launcher(directory.resolve("out"), Duration.ofMinutes(1), Profile.arguments(recording));
    Path trial = Files.createDirectories(directory.resolve("trial"));
    Variant variant = Workloads.of("load").variants(SCALE).get(0);

    Launcher.Outcome outcome =
        launcher.run(
            List.of(
                "trial", trial.toString(), "nadb", "load", variant.label(), SCALE.toArgument()));

    assertThat(outcome.failure()).isEmpty();
    assertThat(Profile.of(recording))
        .as("samples of stacks that NADB or the benchmark is in")
        .containsPattern("^[1-9][0-9]* samples, and [0-9]+ of the JVM's own threads\\R +[0-9]");
  }

  @Test
  void aProfileIsOfWhatNadbAndTheBenchmarkDo() throws Exception {
    Path recording = directory.resolve("recording");
    Files.writeString(
        recording,
        """
        java/lang/Thread.run;io/nadb/Store.get;io/nadb/Index.find 2
        java/lang/Thread.run;io/nadb/Store.get;java/nio/Buffer.get;copy_longs 5
        io/nadb/Store.get;copy_longs 1
        start_thread;Compiler::run 7
        """);

    assertThat(Profile.of(recording))
        .isEqualToNormalizingNewlines(
            """
            8 samples, and 7 of the JVM's own threads
               75.0 %  copy_longs
               25.0 %  io.nadb.Index.find
            """);
  }

  @Test
  void aTrialThatFailsTellsWhy() throws Exception {
    Launcher launcher = new Launcher(directory.resolve("out"), Duration.ofMinutes(1), List.of());

    Launcher.Outcome outcome =
        launcher.run(
            List.of("trial", directory.toString(), "nadb", "load", "no such", SCALE.toArgument()));

    assertThat(outcome.failure()).contains("exit 1", "load has no no such");
  }
}
