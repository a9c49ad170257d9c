package io.nadb.benchmarks.backup;

import io.nadb.KeyValueStore;
import io.nadb.StoreRegistry;
import io.nadb.backup.Backup;
import io.nadb.backup.Backups;
import io.nadb.benchmarks.run.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The command {@code benchmarks/run --backup}: how fast a store is backed up, verified and restored
 * beside {@code cp -r} with a sync of the same files, by turns; how much an increment copies; and
 * what a backup costs those who write meanwhile.
 */
public final class BackupBenchmark {
  private static final int KEYS = 1_000_000;
  private static final int VALUE_BYTES = 400;
  private static final int ROUNDS = 5;

  /** So many of a thousand entries are overwritten between two backups. */
  private static final int CHANGED = 10;

  /** A write every so often: what a service may have to do. */
  private static final long PAUSE_NANOS = 20_000;

  private static final int WRITES = 150_000;

  private final Path root;
  private final Random random = new Random(1);

  private BackupBenchmark(Path root) {
    this.root = root;
  }

  /** Measures, and returns the page. */
  public static String run(Path directory, String how) throws IOException, InterruptedException {
    Path root = Files.createTempDirectory(Files.createDirectories(directory), "backup");
    try {
      return "# Backups, measured\n\n"
          + new BackupBenchmark(root.toAbsolutePath()).measure()
          + "\n## How it was measured\n\n- "
          + how
          + "\n";
    } finally {
      Folders.delete(root);
    }
  }

  private String measure() throws IOException, InterruptedException {
    try (StoreRegistry registry = StoreRegistry.create()) {
      KeyValueStore store = registry.open("nadb:fs:" + root.resolve("data") + "?metadata=none");
      for (int i = 0; i < KEYS; i++) {
        store.set("key" + i, value());
      }
      store.flush();
      Backups backups = Backups.at(root.resolve("backups"));
      Backup first = backups.create(store);
      double megabytes = first.size() / 1e6;
      double[][] seconds = new double[4][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        Path copy = root.resolve("copy");
        seconds[0][round] = seconds(() -> copy(first.directory(), copy));
        Folders.delete(copy);
        Backup[] full = new Backup[1];
        seconds[1][round] = seconds(() -> full[0] = backups.createFull(store));
        seconds[2][round] = seconds(() -> full[0].verify());
        Path restored = root.resolve("restored");
        seconds[3][round] = seconds(() -> full[0].restore(restored));
        Folders.delete(restored);
        full[0].delete();
      }
      StringBuilder page = new StringBuilder();
      page.append(
          String.format(
              Locale.ROOT,
              "%,d entries of %d bytes, %.0f MB in %d segments; the median of %d rounds, one after the"
                  + " other in each.%n%n| | MB/s | × `cp -r` | seconds |%n|---|--:|--:|--:|%n",
              KEYS,
              VALUE_BYTES,
              megabytes,
              segments(first),
              ROUNDS));
      String[] names = {"`cp -r` and `sync -f`", "`createFull`", "`verify`", "`restore`"};
      for (int i = 0; i < names.length; i++) {
        double[] all = seconds[i].clone();
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          ratios[round] = seconds[0][round] / seconds[i][round];
        }
        Arrays.sort(all);
        Arrays.sort(ratios);
        page.append(
            String.format(
                Locale.ROOT,
                "| %s | %.0f | %.2f | %.2f to %.2f |%n",
                names[i],
                megabytes / all[ROUNDS / 2],
                ratios[ROUNDS / 2],
                all[0],
                all[ROUNDS - 1]));
      }
      page.append(increment(store, backups));
      page.append(writers(store, backups));
      return page.toString();
    }
  }

  private byte[] value() {
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    return value;
  }

  private static int segments(Backup backup) throws IOException {
    try (var files = Files.list(backup.directory().resolve("main/log"))) {
      return (int) files.filter(file -> file.toString().endsWith(".seg")).count();
    }
  }

  /** Something that is measured. */
  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static double seconds(Work work) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    work.run();
    return (System.nanoTime() - begun) / 1e9;
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    execute("cp", "-r", from.toString(), to.toString());
    execute("sync", "-f", to.toString());
  }

  private static void execute(String... command) throws IOException, InterruptedException {
    int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exitCode != 0) {
      throw new IOException(Arrays.toString(command) + " ended with " + exitCode);
    }
  }

  private String increment(KeyValueStore store, Backups backups)
      throws IOException, InterruptedException {
    backups.create(store);
    long compactions = store.stats().compactions();
    long before = store.stats().totalBytes();
    for (int i = 0; i < KEYS * CHANGED / 1000; i++) {
      store.set("key" + random.nextInt(KEYS), value());
    }
    store.flush();
    long written = store.stats().totalBytes() - before;
    Backup[] next = new Backup[1];
    double seconds = seconds(() -> next[0] = backups.create(store));
    return String.format(
        Locale.ROOT,
        "%nAn increment after %.1f %% of the entries were overwritten: %.1f MB in %.0f ms, %.2f × what"
            + " was written to the log; %d compactions in between.%n",
        CHANGED / 10.0,
        next[0].newBytes() / 1e6,
        1000 * seconds,
        (double) next[0].newBytes() / written,
        store.stats().compactions() - compactions);
  }

  private String writers(KeyValueStore store, Backups backups)
      throws IOException, InterruptedException {
    latencies(store);
    double[] ratios = new double[ROUNDS];
    double[] alone = new double[ROUNDS];
    double[] meanwhile = new double[ROUNDS];
    int made = 0;
    for (int round = 0; round < ROUNDS; round++) {
      alone[round] = latencies(store);
      AtomicBoolean ended = new AtomicBoolean();
      int[] count = new int[1];
      Thread backing =
          new Thread(
              () -> {
                while (!ended.get()) {
                  backups.createFull(store).delete();
                  count[0]++;
                }
              });
      backing.start();
      meanwhile[round] = latencies(store);
      ended.set(true);
      backing.join();
      made += count[0];
      ratios[round] = meanwhile[round] / alone[round];
    }
    Arrays.sort(ratios);
    Arrays.sort(alone);
    Arrays.sort(meanwhile);
    return String.format(
        Locale.ROOT,
        "%nA thread that sets an entry every %d µs, %,d times: p99.9 is %.0f µs alone and %.0f µs while"
            + " full backups are made one after the other (%d in all), %.2f × (the median of %d"
            + " rounds; %.2f to %.2f).%n",
        PAUSE_NANOS / 1000,
        WRITES,
        alone[ROUNDS / 2],
        meanwhile[ROUNDS / 2],
        made,
        ratios[ROUNDS / 2],
        ROUNDS,
        ratios[0],
        ratios[ROUNDS - 1]);
  }

  /** Returns the 99.9th percentile of a set, in microseconds. */
  private double latencies(KeyValueStore store) {
    long[] nanos = new long[WRITES];
    byte[] value = "x".repeat(VALUE_BYTES).getBytes(StandardCharsets.UTF_8);
    long due = System.nanoTime();
    for (int i = 0; i < WRITES; i++) {
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      long begun = System.nanoTime();
      store.set("key" + random.nextInt(KEYS), value);
      nanos[i] = System.nanoTime() - begun;
      due = Math.max(due + PAUSE_NANOS, System.nanoTime());
    }
    Arrays.sort(nanos);
    return nanos[(int) (WRITES * 0.999)] / 1000.0;
  }
}
