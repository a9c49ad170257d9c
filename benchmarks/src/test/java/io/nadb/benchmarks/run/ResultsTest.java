package io.nadb.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Measurement FIGURE =
      new Measurement("load", "1 M keys", "nadb", 2, "sets", 1234.5, "");
  private static final Measurement FAILURE =
      new Measurement("load", "1 M keys", "lmdb", 1, Measurement.FAILED, Double.NaN, "no\troom");

  @TempDir private Path directory = Path.of("");

  @Test
  void aRunGoesOnWithWhatWasMeasuredBefore() throws Exception {
    Path file = directory.resolve("results.tsv");
    Results first = Results.open(file, false);
    first.remark("Machine: this one");
    first.add(FIGURE);
    first.add(FAILURE);

    Results second = Results.open(file, true);

    assertThat(second.measurements().get(0)).isEqualTo(FIGURE);
    assertThat(second.measurements().get(1).failure()).isEqualTo("no room");
    assertThat(second.remarks()).containsExactly("Machine: this one");
    assertThat(second.has("load", "1 M keys", "nadb", 2)).isTrue();
    assertThat(second.has("load", "1 M keys", "nadb", 1)).isFalse();
  }

  @Test
  void aNewRunForgetsThem() throws Exception {
    Path file = directory.resolve("results.tsv");
    Results.open(file, false).add(FIGURE);

    assertThat(Results.open(file, false).measurements()).isEmpty();
    assertThat(Results.open(file, true).measurements()).isEmpty();
  }

  @Test
  void whatIsMeasuredAgainIsForgottenAndAllElseStays() throws Exception {
    Path file = directory.resolve("results.tsv");
    Results results = Results.open(file, false);
    results.remark("Machine: this one");
    results.add(FIGURE);
    results.add(FAILURE);

    results.forget(FAILURE.workload(), FAILURE.variant(), "nobody");
    results.forget(FAILURE.workload(), FAILURE.variant(), FAILURE.store());

    Results kept = Results.open(file, true);
    assertThat(kept.measurements())
        .isEqualTo(results.measurements())
        .doesNotContain(FAILURE)
        .hasSizeLessThan(2);
    assertThat(kept.remarks()).containsExactly("Machine: this one");
  }
}
