package io.nadb.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import io.nadb.benchmarks.store.Store;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** The state of a store that has caught up with all it had put off. */
public final class Quiet {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int WINDOW_MILLIS = 100;
  private static final int MOST_MILLIS = 300_000;

  private Quiet() {}

  /** Waits until the process has next to nothing to do: no compaction, checkpoint, indexing. */
  public static void await(Store store) throws InterruptedException {
    await(store, WINDOW_MILLIS, MOST_MILLIS);
  }

  /**
   * The same, if time is short.
   *
   * @param millis for how long it has to be quiet, and to wait at most
   */
  static void awaitBriefly(Store store, int millis) throws InterruptedException {
    await(store, millis, millis);
  }

  private static void await(Store store, int windowMillis, int mostMillis)
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
