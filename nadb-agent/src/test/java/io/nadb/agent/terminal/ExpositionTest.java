package io.nadb.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What other programs are given. */
class ExpositionTest {
  private static final StoreView SHOP =
      new StoreView(
          "shop",
          Map.of(
              "Name", "shop",
              "State", "DEGRADED",
              "BufferedBytes", 17L,
              "FlushCount", 3L,
              "LastFailure", "disk \"full\"\n\\"),
          new Percentiles(2, 1.5, 1, 2, 2, 2, 2));

  @Test
  void jsonHasEveryFigureAndEscapesTexts() {
    assertThat(Exposition.json("7", "app.jar", List.of(SHOP)))
        .isEqualTo(
            """
            {"pid":7,"main":"app.jar","stores":[
              {"name":"shop","bufferedBytes":17,"flushCount":3,"lastFailure":"disk \\"full\\"\\n\\\\",\
            "state":"DEGRADED","flushLatency":{"count":2,"meanMillis":1.500,"p50Millis":1.000,\
            "p90Millis":2.000,"p99Millis":2.000,"p999Millis":2.000,"maxMillis":2.000}}
            ]}
            """);
  }

  @Test
  void jsonOfNothingIsAnEmptyList() {
    assertThat(Exposition.json("7", "app.jar", List.of()))
        .isEqualTo("{\"pid\":7,\"main\":\"app.jar\",\"stores\":[]}\n");
  }

  @Test
  void prometheusTellsCountersFromGaugesAndTimesInSeconds() {
    assertThat(Exposition.prometheus(List.of(SHOP), Map.of("1", Map.of("StalledCount", 2))))
        .isEqualTo(
            """
            # HELP nadb_store_buffered_bytes Bytes that a crash of the process would lose now.
            # TYPE nadb_store_buffered_bytes gauge
            nadb_store_buffered_bytes{store="shop"} 17
            # HELP nadb_store_flush_count_total Flushes that made something durable.
            # TYPE nadb_store_flush_count_total counter
            nadb_store_flush_count_total{store="shop"} 3
            # HELP nadb_store_degraded Whether the state is DEGRADED: true, or 1.
            # TYPE nadb_store_degraded gauge
            nadb_store_degraded{store="shop"} 1
            # HELP nadb_store_flush_duration_seconds How long successful flushes took.
            # TYPE nadb_store_flush_duration_seconds summary
            nadb_store_flush_duration_seconds{store="shop",quantile="0.5"} 0.001
            nadb_store_flush_duration_seconds{store="shop",quantile="0.9"} 0.002
            nadb_store_flush_duration_seconds{store="shop",quantile="0.99"} 0.002
            nadb_store_flush_duration_seconds{store="shop",quantile="0.999"} 0.002
            nadb_store_flush_duration_seconds_sum{store="shop"} 0.003
            nadb_store_flush_duration_seconds_count{store="shop"} 2
            # HELP nadb_sync_stalled How many stores' background work has been hanging for a second.
            # TYPE nadb_sync_stalled gauge
            nadb_sync_stalled{thread="1"} 2
            """);
  }

  /** Under the names that the rules for Prometheus' own exporter give them. */
  @Test
  void whatOnlyGrowsIsACounterForBothExporters() throws IOException {
    String rules = Files.readString(Path.of("../samples/monitoring/jmx_exporter.yaml"));
    Matcher counters = Pattern.compile("<>\\((sets\\|[a-z_|]+)\\)").matcher(rules);
    assertThat(counters.find()).isTrue();
    for (String counter : counters.group(1).split("\\|", -1)) {
      String name =
          Pattern.compile("(?:^|_)([a-z])")
              .matcher(counter)
              .replaceAll(first -> first.group(1).toUpperCase(Locale.ROOT));
      StoreView store = new StoreView("shop", Map.of(name, 3L), Percentiles.NONE);
      assertThat(Exposition.prometheus(List.of(store), Map.of()))
          .contains("nadb_store_" + counter + "_total{store=\"shop\"} 3");
    }
  }

  @Test
  void aTimeIsInSecondsAndAbsentWhereThereIsNone() {
    StoreView flushed =
        new StoreView("a", Map.of("LastFlushTime", 1_700_000_000_123L), Percentiles.NONE);
    StoreView fresh = new StoreView("b", Map.of(), Percentiles.NONE);

    assertThat(Exposition.prometheus(List.of(flushed, fresh), Map.of()))
        .contains("nadb_store_last_flush_time_seconds{store=\"a\"} 1700000000.123\n")
        .doesNotContain("nadb_store_last_flush_time_seconds{store=\"b\"}");
  }

  @Test
  void whatNobodyHasTimedHasNoQuantiles() {
    StoreView unseen = new StoreView("unseen", Map.of("FlushCount", 61L), Percentiles.NONE);

    assertThat(Exposition.prometheus(List.of(unseen), Map.of())).doesNotContain("flush_duration");
    assertThat(Exposition.prometheus(List.of(unseen, SHOP), Map.of()))
        .contains("flush_duration_seconds_count{store=\"shop\"} 2")
        .doesNotContain(
            "flush_duration_seconds_count{store=\"unseen\"}", "{store=\"unseen\",quantile");
  }
}
