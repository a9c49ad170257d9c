package io.nadb.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The figures of a large database, taken of a small one. */
class LargeBenchmarkIT {

  @Test
  void everyWorkIsDoneAndHasAFigure() throws IOException {
    String section = LargeBenchmark.run("as a test", 2000);

    assertThat(section)
        .contains("2,000 entries", "| `tags()` | 1,000 | ", "| `clear()` | 10,000 | ")
        .doesNotContain("NaN");
    assertThat(section.lines().filter(line -> line.startsWith("| `"))).hasSize(6);
  }
}
