package io.nadb.benchmarks.run;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Variant;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What the command is asked to do.
 *
 * @param scale how big and how long
 * @param workloads which workloads
 * @param variants which variants of the workloads, by a part of their name without blanks; none:
 *     all
 * @param stores which stores
 * @param directory where stores and results are
 * @param limit how long a trial may take
 * @param resume whether results of earlier runs stay, and are not measured again
 * @param again whether results of earlier runs stay, but for those that are measured now
 * @param profile whether to record where the time goes
 * @param reportOnly whether only the page is written, from the results there are
 * @param before the commit whose NADB is compared with this one, beside no peer; empty: none
 * @param page where the page goes; empty: into the docs if the scale is full
 */
public record Arguments(
    Scale scale,
    List<Workload> workloads,
    List<String> variants,
    List<StoreKind> stores,
    Path directory,
    Duration limit,
    boolean resume,
    boolean again,
    boolean profile,
    boolean reportOnly,
    Optional<String> before,
    Optional<Path> page) {

  private static final Path DIRECTORY = Path.of("target", "bench");
  private static final Path KEPT = Path.of("benchmarks");

  /** Copies the lists. */
  public Arguments {
    workloads = List.copyOf(workloads);
    variants = List.copyOf(variants);
    stores = List.copyOf(stores);
  }

  /** What {@code --help} says. */
  public static String usage() {
    return String.format(
        """
      Measures NADB beside the stores a user would pick instead.

        --quick             a few minutes at a tenth of the size, for a first look
        --workload A,B      only these (%s)
        --variant A,B       only variants with this in their names, blanks left out: 4T, 1Mkeys
        --store A,B         only these (%s)
        --rounds N          how often each trial is done
        --keys N            how many keys a store has (1m in full, 100k in quick)
        --big N             how many the biggest have (10m; quick: none)
        --limit DURATION    what a trial may take before it is ended, such as 90s or 20m (20m)
        --dir PATH          where stores and results are kept (target/bench, but full results in
                            benchmarks/)
        --resume            keep the results of earlier runs, and measure only what they lack
        --again             keep the results of earlier runs, but measure what is asked for anew
        --report            measure nothing, write the page from the results there are
        --page FILE         where the page goes (full: docs/performance.md; quick: into --dir)
        --before COMMIT     measure NADB as it was at a commit of this repository, and as it is,
                            in turns (docs/before-and-after.md)
        --profile           record where the time goes, for the page, and measure nothing
        --soak [DURATION]   load a store for so long (30m), and watch its memory (docs/soak.md)
        --harness           measure what @NadbStore costs a test
        --redis             measure NADB on Redis beside plain Jedis (docs/redis-performance.md)
        --redis-large       measure it with a million entries, and what other clients notice
        --redis-threads     measure it with up to 200 threads, beside Jedis and Lettuce
        --redis-async       measure calls that nobody waits for, beside Lettuce
        --redis-sizing      measure memory per entry, and the server's time per call
        --agent             measure what the agent costs set and get
        --backup            measure backups and restores beside cp (docs/backup-performance.md)
        --history           measure what history costs (docs/history-performance.md)
        --idle              measure what a thousand idle stores cost (docs/idle.md)
        --jmh [OPTIONS]     run the JMH benchmarks of the hot paths instead, with allocation
      """,
        String.join(", ", Workloads.all().stream().map(Workload::name).toList()),
        String.join(", ", Arrays.stream(StoreKind.values()).map(StoreKind::label).toList()));
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it is not understood
   */
  public static Arguments parse(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    Scale scale = left.contains("--quick") ? Scale.QUICK : Scale.FULL;
    if (left.remove("--tiny")) {
      scale = Scale.TINY;
    }
    List<Workload> workloads = Workloads.all();
    List<String> variants = List.of();
    List<StoreKind> stores = List.of(StoreKind.values());
    Path directory = DIRECTORY;
    Duration limit = Duration.ofMinutes(20);
    boolean resume = false;
    boolean again = false;
    boolean profile = false;
    boolean reportOnly = false;
    Optional<String> before = Optional.empty();
    Optional<Path> page = Optional.empty();
    int rounds = 0;
    int keys = 0;
    int big = 0;
    while (!left.isEmpty()) {
      String option = left.remove();
      switch (option) {
        case "--quick" -> {}
        case "--workload" -> workloads = values(option, left).stream().map(Workloads::of).toList();
        case "--variant" -> variants = values(option, left);
        case "--store" -> stores = values(option, left).stream().map(StoreKind::of).toList();
        case "--rounds" -> rounds = number(option, left);
        case "--keys" -> keys = number(option, left);
        case "--big" -> big = number(option, left);
        case "--limit" -> limit = duration(option, value(option, left));
        case "--dir" -> directory = Path.of(value(option, left));
        case "--before" -> before = Optional.of(value(option, left));
        case "--page" -> page = Optional.of(Path.of(value(option, left)));
        case "--resume" -> resume = true;
        case "--again" -> again = true;
        case "--profile" -> profile = true;
        case "--report" -> reportOnly = true;
        default -> throw new IllegalArgumentException("unknown option " + option + "; see --help");
      }
    }
    return new Arguments(
        scale.with(keys, big, rounds),
        workloads,
        variants,
        stores,
        directory,
        limit,
        resume || again || reportOnly,
        again,
        profile,
        reportOnly,
        before,
        page);
  }

  /** Where the figures are: those of full runs beside the sources, as the page is made of them. */
  public Path results() {
    return kept().resolve(isFull() ? "results.tsv" : "results-" + scale.name() + ".tsv");
  }

  /** Where figures and profiles stay. */
  public Path kept() {
    return isFull() ? KEPT : directory;
  }

  private boolean isFull() {
    return scale.name().equals(Scale.FULL.name()) && directory.equals(DIRECTORY);
  }

  /** Whether a variant is one of those that were asked for. */
  boolean includes(Variant variant) {
    String name = variant.label().replace(" ", "");
    return variants.isEmpty() || variants.stream().anyMatch(name::contains);
  }

  private static String value(String option, Deque<String> left) {
    if (left.isEmpty()) {
      throw new IllegalArgumentException(option + " takes a value; see --help");
    }
    return left.remove();
  }

  private static List<String> values(String option, Deque<String> left) {
    List<String> values = new ArrayList<>();
    for (String value : value(option, left).split(",", -1)) {
      values.add(value.strip());
    }
    return values;
  }

  private static int number(String option, Deque<String> left) {
    String value = value(option, left);
    String digits = value.replace("_", "");
    int factor = 1;
    if (digits.endsWith("k")) {
      factor = 1000;
    } else if (digits.endsWith("m")) {
      factor = 1_000_000;
    }
    try {
      int number =
          Integer.parseInt(factor == 1 ? digits : digits.substring(0, digits.length() - 1));
      if (number > 0) {
        return Math.multiplyExact(number, factor);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        option + " " + value + ": expected a number above 0 such as 5, 100k or 10m");
  }

  private static Duration duration(String option, String value) {
    try {
      Duration duration = Duration.parse("PT" + value);
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (java.time.format.DateTimeParseException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        option + " " + value + ": expected a duration such as 90s or 20m");
  }
}
