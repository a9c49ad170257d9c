package io.nadb.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Workload;
import io.nadb.benchmarks.workload.Workloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

  @Test
  void withoutOptionsEverythingIsMeasuredInFull() {
    Arguments arguments = Arguments.parse(List.of());

    assertThat(arguments.scale()).isEqualTo(Scale.FULL);
    assertThat(arguments.workloads()).isEqualTo(Workloads.all());
    assertThat(arguments.stores()).containsExactly(StoreKind.values());
    assertThat(arguments.resume()).isFalse();
  }

  @Test
  void optionsNarrowItDown() {
    Arguments arguments =
        Arguments.parse(
            List.of(
                "--quick",
                "--workload",
                "load,get",
                "--store",
                "nadb, rocksdb",
                "--rounds",
                "7",
                "--keys",
                "200k",
                "--big",
                "2m",
                "--limit",
                "90s",
                "--dir",
                "d",
                "--resume"));

    assertThat(arguments.workloads()).extracting(Workload::name).containsExactly("load", "get");
    assertThat(arguments.stores()).containsExactly(StoreKind.NADB, StoreKind.ROCKSDB);
    assertThat(arguments.scale()).isEqualTo(Scale.QUICK.with(200_000, 2_000_000, 7));
    assertThat(arguments.limit()).isEqualTo(Duration.ofSeconds(90));
    assertThat(arguments.directory()).isEqualTo(Path.of("d"));
    assertThat(arguments.resume()).isTrue();
  }

  @Test
  void reportingAloneKeepsTheResults() {
    assertThat(Arguments.parse(List.of("--report")).resume()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fast         | unknown option --fast",
        "--rounds       | --rounds takes a value",
        "--rounds 0     | --rounds 0: expected a number above 0",
        "--keys 9999m   | --keys 9999m: expected a number above 0",
        "--limit 5      | --limit 5: expected a duration",
        "--store redis  | there is no store 'redis'; there are [nadb,",
        "--workload set,x | there is no workload 'x'; there are [first-minute,"
      })
  void whatIsNotUnderstoodIsAnError(String line, String message) {
    assertThatThrownBy(() -> Arguments.parse(List.of(line.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theHelpNamesEveryWorkloadAndStore() {
    assertThat(Arguments.usage()).contains("get-beyond", "atomic", "rocksdb-batch", "--resume");
  }
}
