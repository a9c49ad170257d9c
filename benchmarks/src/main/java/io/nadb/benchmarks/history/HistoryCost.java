package io.nadb.benchmarks.history;

import io.nadb.benchmarks.run.Folders;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The command {@code benchmarks/run --history}: what {@code set}, {@code get} and a key's memory
 * cost with the option {@code history}, beside the same without it, and what {@code snapshotAt}
 * does. JVMs with and without it take turns, so that a machine that becomes slower does so for
 * both.
 */
public final class HistoryCost {
  private static final int ROUNDS = 5;

  private HistoryCost() {}

  /** Measures, and returns the page. */
  public static String run(Path directory, String how) throws IOException, InterruptedException {
    Path root = Files.createTempDirectory(Files.createDirectories(directory), "history");
    List<Map<Measured, Double>> without = new ArrayList<>();
    List<Map<Measured, Double>> with = new ArrayList<>();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        without.add(measure(root, "off"));
        with.add(measure(root, "24h"));
      }
    } finally {
      Folders.delete(root);
    }
    StringBuilder page = new StringBuilder();
    page.append("# What history costs\n\n")
        .append("A store on files with the option `history=24h` beside the same without it,")
        .append(" and what is shown of the past. Written by `benchmarks/run --history`.\n\n");
    page.append("| 1 M keys, values of 100 bytes | off | 24h | 24h : off |\n|---|--:|--:|--:|\n");
    for (Measured each : List.of(Measured.SET, Measured.GET, Measured.HEAP)) {
      double before = median(without, each);
      double after = median(with, each);
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %.1f | %.2f × |%n",
              each.label(),
              before,
              after,
              after / before));
    }
    page.append("\n| `snapshotAt`, all keys overwritten four times since | |\n|---|--:|\n");
    for (Measured each :
        List.of(Measured.OPENING, Measured.AGAIN, Measured.PAST_HEAP, Measured.PAST_GET)) {
      page.append(String.format(Locale.ROOT, "| %s | %.1f |%n", each.label(), median(with, each)));
    }
    page.append("\n- ").append(how).append("\n- Medians of ").append(ROUNDS);
    page.append(" JVMs each, which take turns: ").append(String.join(" ", HistoryTrial.MEMORY));
    return page.append("\n").toString();
  }

  private static double median(List<Map<Measured, Double>> trials, Measured what) {
    double[] sorted =
        trials.stream()
            .mapToDouble(each -> Objects.requireNonNull(each.get(what)))
            .sorted()
            .toArray();
    return sorted[sorted.length / 2];
  }

  private static Map<Measured, Double> measure(Path root, String history)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(root, "trial");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HistoryTrial.MEMORY);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HistoryTrial.class.getName(), directory.toString(), history));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IllegalStateException("the JVM failed: " + command);
      }
      Map<Measured, Double> figures = new EnumMap<>(Measured.class);
      for (String figure : line.split(" ", -1)) {
        int at = figure.indexOf('=');
        figures.put(
            Measured.valueOf(figure.substring(0, at)), Double.valueOf(figure.substring(at + 1)));
      }
      return figures;
    } finally {
      Folders.delete(directory);
    }
  }
}
