package io.nadb.benchmarks.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What the figures were measured on. */
public final class Machine {
  private static final int SYNCS = 21;
  private static final int MEGABYTE = 1 << 20;

  private Machine() {}

  /** One line on processor, memory, disk, operating system and JVM. */
  public static String describe(Path directory) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return String.format(
        Locale.ROOT,
        "%s, %d processors, %d GB memory, %s %s, %s on which writing 1 MB and syncing it takes "
            + "%.1f ms, Java %s (%s)",
        processor(),
        system.getAvailableProcessors(),
        Math.round(system.getTotalMemorySize() / 1e9),
        system.getName(),
        system.getVersion(),
        Files.getFileStore(directory).type(),
        syncMillis(directory),
        System.getProperty("java.runtime.version"),
        System.getProperty("java.vm.vendor"));
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch", "unknown processor");
  }

  private static double syncMillis(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "sync", ".tmp");
    long[] nanos = new long[SYNCS];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] megabyte = new byte[MEGABYTE];
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        out.write(megabyte);
        out.getFD().sync();
        nanos[i] = System.nanoTime() - start;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(nanos);
    return nanos[SYNCS / 2] / 1e6;
  }
}
