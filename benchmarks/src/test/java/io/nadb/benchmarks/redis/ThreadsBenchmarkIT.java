package io.nadb.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Many threads, so shortly that the figures mean nothing. */
class ThreadsBenchmarkIT {

  @Test
  void everyNumberOfThreadsHasAFigureOfEachClientAndNoCallFails() throws InterruptedException {
    String section = ThreadsBenchmark.run("as a test", 20);

    assertThat(section)
        .contains("as a test", "| 1 | ", "| 8 | ", "| 32 | ", "| 200 | ")
        .doesNotContain("NaN", "failed");
  }
}
