package io.nadb.benchmarks.idle;

import com.sun.management.OperatingSystemMXBean;
import io.nadb.KeyValueStore;
import io.nadb.SetOptions;
import io.nadb.StoreRegistry;
import io.nadb.benchmarks.run.Folders;
import io.nadb.testkit.VirtualTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * The command {@code benchmarks/run --idle}: what a thousand stores take of the heap and of a
 * processor in which nothing happens, and how long ten years of virtual time take.
 */
public final class IdleCost {
  private static final int STORES = 1000;
  private static final int KEYS = 10;

  /** By then all has been flushed, swept and kept up. */
  private static final Duration SETTLING = Duration.ofSeconds(90);

  private static final Duration WATCHED = Duration.ofSeconds(60);
  private static final Duration YEARS = Duration.ofDays(3650);
  private static final int ROUNDS = 5;

  private IdleCost() {}

  /** Measures, and returns the page. */
  public static String run(Path directory, String how) throws IOException, InterruptedException {
    Path root = Files.createTempDirectory(Files.createDirectories(directory), "idle");
    try {
      String stores = stores(root.toAbsolutePath());
      return "# Idle stores\n\nWhat stores cost in which nothing happens any more, and how long it takes virtual time"
          + " to pass over one.\n\n"
          + stores
          + years(root.toAbsolutePath())
          + "\n## How it was measured\n\n- "
          + how
          + "\n";
    } finally {
      Folders.delete(root);
    }
  }

  private static String stores(Path root) throws InterruptedException {
    StoreRegistry registry = StoreRegistry.create();
    try {
      write(open(registry, root, "first")); // So that all classes are loaded.
      long before = usedHeap();
      for (int i = 0; i < STORES; i++) {
        write(open(registry, root, "store" + i));
      }
      Thread.sleep(SETTLING.toMillis());
      long bytes = (usedHeap() - before) / STORES;
      long rounds = registry.status().rounds();
      long begun = System.nanoTime();
      long worked = processorNanos();
      Thread.sleep(WATCHED.toMillis());
      double share = (processorNanos() - worked) / (double) (System.nanoTime() - begun);
      return String.format(
          Locale.ROOT,
          "| %d stores, `nadb:fs:` with `segment=1mb`, %d keys with a tag in each | |%n|---|--:|%n"
              + "| heap of each | %.1f KB |%n"
              + "| processor time of the JVM, over %d s | %.3f %% of a core |%n"
              + "| rounds of the background thread in that time | %d |%n",
          STORES,
          KEYS,
          bytes / 1000.0,
          WATCHED.toSeconds(),
          100 * share,
          registry.status().rounds() - rounds);
    } finally {
      registry.close();
    }
  }

  /** A store with default options, but for small files: a thousand of 64 MB are a lot. */
  private static KeyValueStore open(StoreRegistry registry, Path root, String name) {
    return registry.open("nadb:fs:" + root.resolve(name) + "?segment=1mb");
  }

  private static void write(KeyValueStore store) {
    for (int i = 0; i < KEYS; i++) {
      store.set("key" + i, "value".getBytes(StandardCharsets.UTF_8), SetOptions.tags("tag"));
    }
  }

  private static String years(Path root) {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (int round = 0; round < ROUNDS; round++) {
      VirtualTime time = new VirtualTime();
      StoreRegistry registry = StoreRegistry.create(time);
      try {
        write(registry.open("nadb:fs:" + root.resolve("years" + round)));
        long begun = System.nanoTime();
        time.advance(YEARS);
        double millis = (System.nanoTime() - begun) / 1e6;
        least = Math.min(least, millis);
        most = Math.max(most, millis);
      } finally {
        registry.close();
      }
    }
    return String.format(
        Locale.ROOT,
        "| ten years of virtual time on one store with default options, %d times | %.1f to %.1f ms"
            + " |%n",
        ROUNDS,
        least,
        most);
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
