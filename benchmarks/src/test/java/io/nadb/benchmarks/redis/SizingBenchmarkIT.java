package io.nadb.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Memory and time on a server, of so few entries that the figures mean nothing. */
class SizingBenchmarkIT {

  @Test
  void everyLayoutAndEveryCallHasAFigure() {
    String section = SizingBenchmark.run("as a test", 400);

    assertThat(section).contains("as a test", "| plain `SET` with `PX` | ", "| `get` | ");
    assertThat(section.lines().filter(line -> line.matches("\\| .* \\| [0-9.]+ \\|")))
        .hasSizeGreaterThan(18);
  }
}
