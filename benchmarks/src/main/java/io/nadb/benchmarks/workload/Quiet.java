package io.nadb.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The state of a store that has caught up with all it had put off. */
public final class Quiet {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int WINDOW_MILLIS = 100;
  private static final int MAX_MILLIS = 300_000;

  /** After so many windows without work, a backlog is one that the store leaves for later. */
  private static final int IDLE_ENOUGH = 20;

  private Quiet() {}

  /**
   * Waits until the process has next to nothing to do: no compaction, checkpoint, indexing.
   *
   * @param backlog whether the store knows of work it has put off
   */
  public static void await(BooleanSupplier backlog) throws InterruptedException {
    await(backlog, WINDOW_MILLIS, MAX_MILLIS);
  }

  /**
   * The same, if time is short.
   *
   * @param millis for how long it has to be quiet, and to wait at most
   */
  static void awaitBriefly(BooleanSupplier backlog, int millis) throws InterruptedException {
    await(backlog, millis, millis);
  }

  private static void await(BooleanSupplier backlog, int windowMillis, int mostMillis)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMillis);
    int idle = 0;
    do {
      long before = PROCESS.getProcessCpuTime();
      Thread.sleep(windowMillis);
      long busyNanos = PROCESS.getProcessCpuTime() - before;
      idle = busyNanos > TimeUnit.MILLISECONDS.toNanos(windowMillis) / 20 ? 0 : idle + 1;
    } while ((idle == 0 || backlog.getAsBoolean())
        && idle < IDLE_ENOUGH
        && System.nanoTime() < deadline);
  }
}
