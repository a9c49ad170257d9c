package io.nadb.benchmarks.agent;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.benchmarks.data.Keys;
import io.nadb.benchmarks.data.Values;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The command {@code benchmarks/run --agent}: what {@code set} and {@code get} cost with the agent,
 * beside the same without it. JVMs with and without it take turns, so that a machine that becomes
 * slower does so for both.
 */
public final class AgentCost {
  private static final int ROUNDS = 9;
  private static final int KEYS = 1 << 17;
  private static final int PASSES = 12;
  private static final int WARM_PASSES = 6;
  private static final double MOST = 1.05;

  private AgentCost() {}

  /** Nanoseconds a call. */
  private record Cost(double set, double get) {}

  /** Prints the medians; returns whether the agent costs no more than 5 %. */
  public static boolean run(PrintStream out) throws IOException, InterruptedException {
    String agent = "-javaagent:" + jar() + "=jmx=rw";
    List<Cost> without = new ArrayList<>();
    List<Cost> with = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      without.add(measure(List.of()));
      with.add(measure(List.of(agent)));
    }
    out.printf("Nanoseconds a call, nadb:fs:, median of %d JVMs each%n%n", ROUNDS);
    out.printf("%-6s %9s %9s %9s%n", "", "without", "agent", "ratio");
    double set = line(out, "set", without, with, true);
    double get = line(out, "get", without, with, false);
    return set <= MOST && get <= MOST;
  }

  private static double line(
      PrintStream out, String name, List<Cost> without, List<Cost> with, boolean set) {
    double before = median(without, set);
    double after = median(with, set);
    out.printf(Locale.ROOT, "%-6s %9.0f %9.0f %9.3f%n", name, before, after, after / before);
    return after / before;
  }

  private static double median(List<Cost> costs, boolean set) {
    double[] sorted =
        costs.stream().mapToDouble(each -> set ? each.set : each.get).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("nadb-agent", "target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("nadb-agent-.*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("nadb-agent/target has no agent's jar"))
          .toAbsolutePath();
    }
  }

  private static Cost measure(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms1g", "-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Trial.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IllegalStateException("the JVM failed: " + command);
      }
      int space = line.indexOf(' ');
      return new Cost(
          Double.parseDouble(line.substring(0, space)),
          Double.parseDouble(line.substring(space + 1)));
    }
  }

  /** One JVM: overwrites and reads all keys again and again, and prints the medians. */
  static final class Trial {
    private Trial() {}

    /** Prints nanoseconds a {@code set} and a {@code get}. */
    public static void main(String[] arguments) throws IOException {
      Path directory = Files.createTempDirectory("nadb-agent-cost");
      Values values = new Values(100);
      String[] keys = new String[KEYS];
      Arrays.setAll(keys, Keys::of);
      double[] sets = new double[PASSES];
      double[] gets = new double[PASSES];
      long found = 0;
      try (KeyValueStore store =
          NadbDriverManager.open("nadb:fs:" + directory + "?metadata=none")) {
        for (int pass = 0; pass < PASSES; pass++) {
          long start = System.nanoTime();
          for (int i = 0; i < KEYS; i++) {
            store.set(keys[i], values.of(i, pass));
          }
          long middle = System.nanoTime();
          for (int i = 0; i < KEYS; i++) {
            found += store.get(keys[i]).isPresent() ? 1 : 0;
          }
          sets[pass] = (middle - start) / (double) KEYS;
          gets[pass] = (System.nanoTime() - middle) / (double) KEYS;
        }
      }
      if (found != (long) KEYS * PASSES) {
        throw new IllegalStateException("only " + found + " reads found their value");
      }
      System.out.println(median(sets) + " " + median(gets));
      remove(directory);
    }

    private static double median(double[] passes) {
      double[] warm = Arrays.copyOfRange(passes, WARM_PASSES, PASSES);
      Arrays.sort(warm);
      return warm[warm.length / 2];
    }

    private static void remove(Path directory) throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
