package io.nadb.benchmarks.workload;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

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

  /** Processor time of all threads since the start, in nanoseconds. */
  long cpuNanos() {
    return PROCESS.getProcessCpuTime() - cpuStart;
  }
}
