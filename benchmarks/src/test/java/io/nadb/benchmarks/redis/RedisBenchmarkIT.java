package io.nadb.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The comparison on Redis, so small that the figures mean nothing. */
class RedisBenchmarkIT {

  @Test
  void everyComparisonIsOnThePageWithAFigureForEachContestant() {
    String page = RedisBenchmark.run("as a test", new RedisBenchmark.Sizes(50, 40, 20, 2));
    assertThat(page)
        .contains(
            "as a test",
            "### Set\n",
            "### Get\n",
            "| Jedis, one HSET |",
            "| nadb, write-behind |",
            "| nadb, near |")
        .doesNotContain("NaN");
    assertThat(page.lines().filter(line -> line.matches("\\| .* \\| (yes|\\*\\*no\\*\\*) \\|")))
        .hasSize(6);
  }

  @Test
  void anOperationSendsOneCommandAndAQueryOneMoreForEachHit() {
    String page = RedisBenchmark.run("as a test", new RedisBenchmark.Sizes(50, 1000, 20, 1));
    assertThat(page.lines().filter(line -> line.startsWith("| nadb | ")))
        .extracting(line -> line.split(" \\| ", -1)[2])
        .containsExactly("1.00 |", "1.00 |", "1.00 |", "21.00 |");
  }
}
