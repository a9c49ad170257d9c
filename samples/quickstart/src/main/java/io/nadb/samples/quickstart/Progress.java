package io.nadb.samples.quickstart;

import java.io.PrintStream;
import java.time.Duration;

/** Prints a line every ten percent, and every few seconds if that takes longer. */
final class Progress {
  private static final Duration STEP = Duration.ofSeconds(3);

  private final PrintStream out;
  private final long total;
  private final long start = System.nanoTime();
  private long nextTenth = 1;
  private Duration nextTime = STEP;

  Progress(PrintStream out, long total) {
    this.out = out;
    this.total = Math.max(1, total);
  }

  void show(int files, long bytes) {
    Duration time = Text.since(start);
    boolean tenth = bytes * 10 >= nextTenth * total;
    if (tenth || time.compareTo(nextTime) >= 0) {
      out.printf(
          "   %3d %%  %9s  %10s%n",
          Math.min(100, bytes * 100 / total), Text.files(files), Text.bytes(bytes));
      nextTenth = bytes * 10 / total + 1;
      nextTime = time.plus(STEP);
    }
  }
}
