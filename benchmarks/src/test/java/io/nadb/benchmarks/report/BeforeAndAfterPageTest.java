package io.nadb.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.benchmarks.run.Results;
import io.nadb.benchmarks.workload.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeforeAndAfterPageTest {
  @TempDir private Path directory;

  private static String line(String side, int round, String metric, double value) {
    return "load\t1 M keys\t%s\t%d\t%s\t%s\t%n".formatted(side, round, metric, value);
  }

  @Test
  void aRatioAboveOneIsBetterWhicheverWayTheFigureGoes() throws Exception {
    Path file = directory.resolve("results.tsv");
    Files.writeString(
        file,
        line("before", 1, "sets", 1000)
            + line("after", 1, "sets", 1500)
            + line("after", 2, "sets", 2500)
            + line("before", 1, "cpu", 4)
            + line("after", 1, "cpu", 2));

    String page =
        new BeforeAndAfterPage(Results.open(file, true), Scale.FULL, "on a machine").text();

    assertThat(page)
        .contains("| load, 1 M keys | sets/s | 1000 | 2000 ±25 % | 2.00 × |")
        .contains("| load, 1 M keys | CPU µs/op | 4.00 | 2.00 | 2.00 × |")
        .doesNotContain("overwrite")
        .endsWith("\n- on a machine\n");
  }

  @Test
  void nothingIsNoMultipleOfNothing() throws Exception {
    Path file = directory.resolve("results.tsv");
    Files.writeString(
        file,
        Stream.of("before", "after")
            .map("transactions\t1 thread\t%s\t1\taborted\t0\t%n"::formatted)
            .collect(Collectors.joining()));

    assertThat(new BeforeAndAfterPage(Results.open(file, true), Scale.FULL, "there").text())
        .contains("| transactions, 1 thread | % aborted | 0 | 0 | – |");
  }
}
