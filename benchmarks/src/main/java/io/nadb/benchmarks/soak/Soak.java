package io.nadb.benchmarks.soak;

import io.nadb.KeyValueStore;
import io.nadb.NadbDriverManager;
import io.nadb.StoreStats;
import io.nadb.benchmarks.run.Folders;
import io.nadb.benchmarks.run.Machine;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The command {@code benchmarks/run --soak DURATION}: two threads do all that a store can do, as
 * fast as they can, in a JVM with a small heap, while memory and disk are watched.
 */
public final class Soak {
  /** What the JVM under load gets. */
  private static final String MEMORY = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch";

  private static final String OPTIONS = "buffer=1mb&flush=1s&sweep=5s";
  private static final int THREADS = 2;
  private static final int SAMPLES = 180;

  private Soak() {}

  /**
   * Runs the load in a JVM of its own, and writes the page.
   *
   * @return whether memory stayed flat
   */
  public static boolean run(Duration duration, Path directory, Path page)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(MEMORY.split(" ", -1)));
    command.add("-cp");
    command.add(System.getProperty("java.class.path", "." + File.pathSeparator));
    command.add(Soak.class.getName());
    command.addAll(List.of(duration.toString(), directory.toString(), page.toString()));
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  /** Runs the load in this JVM; for {@link #run}. */
  public static void main(String[] args) throws Exception {
    Duration duration = Duration.parse(args[0]);
    Path directory = Path.of(args[1]).resolve("soak");
    Folders.delete(directory);
    Files.createDirectories(directory);
    List<Sample> samples;
    try (KeyValueStore store = NadbDriverManager.open("nadb:fs:" + directory + "?" + OPTIONS)) {
      samples = load(store, duration);
    } finally {
      Folders.delete(directory);
    }
    SoakPage page = new SoakPage(samples);
    String how =
        "Measured on "
            + LocalDate.now(ZoneOffset.UTC)
            + " by `benchmarks/run --soak "
            + args[0].substring(2).toLowerCase(Locale.ROOT)
            + "`: "
            + Machine.describe(Path.of(args[1]))
            + "; JVM "
            + MEMORY
            + "; store `"
            + OPTIONS
            + "`, "
            + THREADS
            + " threads, "
            + Load.KEYS
            + " keys.";
    page.write(Path.of(args[2]), how);
    System.out.println(page.verdict());
    System.exit(page.isFlat() ? 0 : 1);
  }

  private static List<Sample> load(KeyValueStore store, Duration duration) throws Exception {
    long start = System.nanoTime();
    AtomicLong slowest = new AtomicLong();
    List<Load> loads =
        IntStream.range(0, THREADS)
            .mapToObj(number -> new Load(store, start + duration.toNanos(), number, slowest))
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new ArrayList<>();
    loads.forEach(load -> running.add(threads.submit(load)));
    threads.shutdown();
    List<Sample> samples = new ArrayList<>();
    long pause = duration.toNanos() / SAMPLES;
    for (int i = 1; i <= SAMPLES; i++) {
      long mostBuffered = watch(store, start + i * pause);
      Sample sample = sample(store, loads, start, mostBuffered, slowest.getAndSet(0));
      samples.add(sample);
      System.out.println(sample);
    }
    for (Future<?> each : running) {
      each.get(); // Throws what the load has thrown.
    }
    return samples;
  }

  private static long watch(KeyValueStore store, long until) throws InterruptedException {
    long most = 0;
    while (System.nanoTime() < until) {
      most = Math.max(most, store.stats().bufferedBytes());
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return most;
  }

  private static Sample sample(
      KeyValueStore store, List<Load> loads, long start, long mostBuffered, long slowestNanos)
      throws IOException {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    StoreStats stats = store.stats();
    return new Sample(
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        loads.stream().mapToLong(Load::operations).sum(),
        heap,
        anonymousBytes(),
        mostBuffered,
        stats.totalBytes(),
        stats.liveBytes(),
        stats.keys(),
        stats.metadataLag(),
        TimeUnit.NANOSECONDS.toMicros(slowestNanos));
  }

  /** What of the process is no page of a file; zero where the system does not tell. */
  private static long anonymousBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.notExists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }
}
