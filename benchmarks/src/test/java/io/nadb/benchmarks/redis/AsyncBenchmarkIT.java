package io.nadb.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Calls that nobody waits for are measured beside Lettuce. */
class AsyncBenchmarkIT {

  @Test
  void eachNumberOfCallsUnderWayHasARowWithRatios() throws Exception {
    String section = AsyncBenchmark.run("as a test", 20);

    assertThat(section).contains("## Without waiting", "as a test");
    assertThat(section.lines().filter(line -> line.matches("\\| \\d+ (\\| [\\d,.]+ ){6}\\|")))
        .hasSize(4);
  }
}
