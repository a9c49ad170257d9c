package io.nadb.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import io.nadb.benchmarks.store.Store;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Wall and processor time since it was started. */
final class Meter {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final long cpuStart = PROCESS.getProcessCpuTime();
  private final long start = System.nanoTime();

  /** Wall time so far, in nanoseconds. */
  long nanos() {
    return System.nanoTime() - start;
  }

  /** Processor time of all threads so far, in nanoseconds. */
  long cpuNanos() {
    return PROCESS.getProcessCpuTime() - cpuStart;
  }

  /**
   * Waits until the process has next to nothing to do: for compaction, checkpoints, indexes.
   *
   * @param windowMillis for how long it must be quiet
   * @param mostMillis how long to wait at most
   */
  static void awaitQuiet(Store store, long windowMillis, long mostMillis)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMillis);
    long busyNanos;
    do {
      long before = PROCESS.getProcessCpuTime();
      Thread.sleep(windowMillis);
      busyNanos = PROCESS.getProcessCpuTime() - before;
    } while ((busyNanos > TimeUnit.MILLISECONDS.toNanos(windowMillis) / 20 || store.hasBacklog())
        && System.nanoTime() < deadline);
  }
}
