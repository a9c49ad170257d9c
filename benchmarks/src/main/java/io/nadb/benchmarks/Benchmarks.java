package io.nadb.benchmarks;

import io.nadb.benchmarks.agent.AgentCost;
import io.nadb.benchmarks.backup.BackupBenchmark;
import io.nadb.benchmarks.harness.Overhead;
import io.nadb.benchmarks.history.HistoryCost;
import io.nadb.benchmarks.idle.IdleCost;
import io.nadb.benchmarks.jmh.HotPaths;
import io.nadb.benchmarks.redis.AsyncBenchmark;
import io.nadb.benchmarks.redis.LargeBenchmark;
import io.nadb.benchmarks.redis.PageSection;
import io.nadb.benchmarks.redis.RedisBenchmark;
import io.nadb.benchmarks.redis.SizingBenchmark;
import io.nadb.benchmarks.redis.ThreadsBenchmark;
import io.nadb.benchmarks.report.BeforeAndAfterPage;
import io.nadb.benchmarks.report.Report;
import io.nadb.benchmarks.run.Arguments;
import io.nadb.benchmarks.run.BeforeAndAfter;
import io.nadb.benchmarks.run.Launcher;
import io.nadb.benchmarks.run.Machine;
import io.nadb.benchmarks.run.Profiles;
import io.nadb.benchmarks.run.Results;
import io.nadb.benchmarks.run.Runner;
import io.nadb.benchmarks.soak.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** The command {@code benchmarks/run}. */
public final class Benchmarks {
  private static final Path PAGE = Path.of("docs", "performance.md");
  private static final Path SOAK_PAGE = Path.of("docs", "soak.md");
  private static final Path REDIS_PAGE = Path.of("docs", "redis-performance.md");
  private static final Path BACKUP_PAGE = Path.of("docs", "backup-performance.md");
  private static final Path HISTORY_PAGE = Path.of("docs", "history-performance.md");
  private static final Path IDLE_PAGE = Path.of("docs", "idle.md");
  private static final Path BEFORE_AND_AFTER_PAGE = Path.of("docs", "before-and-after.md");
  private static final Duration SOAK = Duration.ofMinutes(30);
  private static final Path REMARKS = Path.of("benchmarks", "remarks.md");

  private Benchmarks() {}

  /** Runs the command; {@code --help} tells its options. */
  public static void main(String[] args) throws Exception {
    List<String> given = List.of(args);
    if (given.contains("--help")) {
      System.out.print(Arguments.usage());
      return;
    }
    if (!given.isEmpty() && given.get(0).equals("--jmh")) {
      HotPaths.main(given.subList(1, given.size()).toArray(new String[0]));
      return;
    }
    if (given.contains("--harness")) {
      Overhead.run(System.out);
      System.exit(0); // A registry for all tests goes on.
    }
    if (given.contains("--redis")) {
      redis();
      return;
    }
    if (given.contains("--redis-large")) {
      redisLarge();
      return;
    }
    if (given.contains("--redis-async")) {
      redisAsync();
      return;
    }
    if (given.contains("--redis-threads")) {
      redisThreads();
      return;
    }
    if (given.contains("--redis-sizing")) {
      Path directory = Files.createDirectories(Path.of("target", "bench"));
      show("--redis-sizing", SizingBenchmark.run(measured("--redis-sizing", directory), 100_000));
      return;
    }
    if (given.contains("--idle")) {
      idle();
      return;
    }
    if (given.contains("--backup")) {
      backup();
      return;
    }
    if (given.contains("--history")) {
      history();
      return;
    }
    if (given.contains("--agent")) {
      System.exit(AgentCost.run(System.out) ? 0 : 1);
    }
    if (!given.isEmpty() && given.get(0).equals("--soak")) {
      System.exit(soak(given.subList(1, given.size())) ? 0 : 1);
    }
    Arguments arguments;
    try {
      arguments = Arguments.parse(given);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    String command = "benchmarks/run " + String.join(" ", given);
    if (arguments.before().isPresent()) {
      beforeAndAfter(arguments, arguments.before().get(), command);
    } else {
      run(arguments, command);
    }
  }

  private static void beforeAndAfter(Arguments arguments, String commit, String command)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(arguments.directory());
    Results results = Results.open(directory.resolve("before-and-after.tsv"), arguments.resume());
    new BeforeAndAfter(arguments, commit, results, System.out).run();
    String how =
        "Measured on "
            + LocalDate.now(ZoneOffset.UTC)
            + " by `"
            + command.strip()
            + "`\n- Machine: "
            + Machine.describe(directory)
            + "\n- Each JVM: "
            + Launcher.MEMORY;
    String page = new BeforeAndAfterPage(results, arguments.scale(), how).text();
    Path file = arguments.page().orElse(BEFORE_AND_AFTER_PAGE);
    Files.writeString(file, page);
    System.out.println(page + "\nThe page: " + file);
  }

  private static void redis() throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    show("--redis", RedisBenchmark.run(measured("--redis", directory)));
  }

  private static void redisLarge() throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    show("--redis-large", LargeBenchmark.run(measured("--redis-large", directory), 1_000_000));
  }

  private static void redisAsync() throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    show("--redis-async", AsyncBenchmark.run(measured("--redis-async", directory), 2000));
  }

  private static void redisThreads() throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    show("--redis-threads", ThreadsBenchmark.run(measured("--redis-threads", directory), 2000));
  }

  private static void show(String option, String section) throws IOException {
    PageSection.write(REDIS_PAGE, "benchmarks/run " + option, section);
    System.out.println(section + "\nThe page: " + REDIS_PAGE);
  }

  private static void idle() throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    String page = IdleCost.run(directory, measured("--idle", directory));
    Files.writeString(IDLE_PAGE, page);
    System.out.println(page + "\nThe page: " + IDLE_PAGE);
  }

  private static void history() throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    String page = HistoryCost.run(directory, measured("--history", directory));
    Files.writeString(HISTORY_PAGE, page);
    System.out.println(page + "\nThe page: " + HISTORY_PAGE);
  }

  private static void backup() throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "bench"));
    String page = BackupBenchmark.run(directory, measured("--backup", directory));
    Files.writeString(BACKUP_PAGE, page);
    System.out.println(page + "\nThe page: " + BACKUP_PAGE);
  }

  private static String measured(String option, Path directory) throws IOException {
    return "Measured on "
        + LocalDate.now(ZoneOffset.UTC)
        + " by `benchmarks/run "
        + option
        + "`\n- Machine: "
        + Machine.describe(directory);
  }

  private static boolean soak(List<String> given) throws IOException, InterruptedException {
    Duration duration = given.isEmpty() ? SOAK : Duration.parse("PT" + given.get(0));
    Path directory = Path.of("target", "bench");
    Files.createDirectories(directory);
    return Soak.run(
        duration,
        directory,
        duration.compareTo(SOAK) < 0 ? directory.resolve("soak.md") : SOAK_PAGE);
  }

  static void run(Arguments arguments, String command) throws IOException, InterruptedException {
    Files.createDirectories(arguments.directory());
    Results results =
        arguments.profile()
            ? Results.open(arguments.directory().resolve("profile.tsv"), false)
            : Results.open(arguments.results(), arguments.resume());
    if (!arguments.reportOnly()) {
      results.remark("Machine: " + Machine.describe(arguments.directory()));
      results.remark("Each JVM: " + Launcher.MEMORY + ", else with default settings");
      results.remark("Stores: " + Versions.describe());
      results.remark(
          "Measured on " + LocalDate.now(ZoneOffset.UTC) + " by `" + command.strip() + "`");
      new Runner(arguments, results, System.out).run();
    }
    if (arguments.profile()) {
      return;
    }
    Report report = new Report(results, arguments.scale());
    System.out.print(report.plain());
    Path page =
        arguments
            .page()
            .orElse(
                arguments.scale().name().equals("full")
                    ? PAGE
                    : arguments.directory().resolve("performance.md"));
    report.write(
        page,
        Files.exists(REMARKS) ? Files.readString(REMARKS) : "",
        new Profiles(arguments.kept()).section());
    System.out.println("\nThe page: " + page);
  }
}
