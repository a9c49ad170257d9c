package io.nadb.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.nadb.benchmarks.run.Measurement;
import io.nadb.benchmarks.store.StoreKind;
import io.nadb.benchmarks.workload.Metric;
import io.nadb.benchmarks.workload.Scale;
import io.nadb.benchmarks.workload.Workloads;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
  private static final String LOAD = "1 M keys";

  private final List<Measurement> measured = new ArrayList<>();

  private void measured(
      String workload, String variant, StoreKind kind, String metric, double... v) {
    for (int round = 0; round < v.length; round++) {
      measured.add(
          new Measurement(workload, variant, kind.label(), round + 1, metric, v[round], ""));
    }
  }

  @Test
  void theMedianAndTheSpreadSumUpRounds() {
    assertThat(Figure.of(9, 1, 5)).isEqualTo(new Figure(5, 0.8, 3));
    assertThat(Figure.of(4, 2)).isEqualTo(new Figure(3, 1 / 3.0, 2));
    assertThat(Figure.of(0)).isEqualTo(new Figure(0, 0, 1));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "0, 0",
        "0.01234, 0.0123",
        "1.234, 1.23",
        "12.34, 12.3",
        "123.4, 123",
        "9994, 9994",
        "12345, 12.3 k",
        "999499, 999 k",
        "999999, 1.00 M",
        "1234567, 1.23 M"
      })
  void numbersHaveThreeDigitsThatCount(double number, String shown) {
    assertThat(Numbers.shown(number)).isEqualTo(shown);
  }

  @Test
  void theBestPeerIsNeitherNadbNorTheCeiling() {
    measured("load", LOAD, StoreKind.NADB, "sets", 500);
    measured("load", LOAD, StoreKind.MAP, "sets", 900);
    measured("load", LOAD, StoreKind.LMDB, "sets", 80, 100, 90);
    measured("load", LOAD, StoreKind.XODUS, "sets", 70);
    Summary summary = new Summary(measured);

    assertThat(summary.bestPeer("load", LOAD, Metric.SETS)).contains(StoreKind.LMDB);
    assertThat(summary.lead("load", LOAD, StoreKind.LMDB, Metric.SETS))
        .hasValueSatisfying(lead -> assertThat(lead).isBetween(5.55, 5.56));
  }

  @Test
  void whereLessIsBetterTheLeadIsTurnedRound() {
    measured("open", "closed, 1 M keys", StoreKind.NADB, "open", 50);
    measured("open", "closed, 1 M keys", StoreKind.ROCKSDB, "open", 20);
    measured("open", "closed, 1 M keys", StoreKind.LMDB, "open", 10);
    Summary summary = new Summary(measured);
    Metric open = Workloads.of("open").metrics().get(0);

    assertThat(summary.bestPeer("open", "closed, 1 M keys", open)).contains(StoreKind.LMDB);
    assertThat(summary.lead("open", "closed, 1 M keys", StoreKind.ROCKSDB, open)).contains(0.4);
    assertThat(new Tables(summary, Scale.FULL).targets().get(1))
        .containsExactly("open, closed", "≥ 0.33 × rocksdb", "0.40 ×", "yes");
  }

  @Test
  void aTargetThatIsMissedSaysSo() {
    measured("load", LOAD, StoreKind.NADB, "sets", 290);
    measured("load", LOAD, StoreKind.LMDB, "sets", 100);
    measured("heap", LOAD, StoreKind.NADB, "heap", 41);
    measured("overwrite", "10 k keys", StoreKind.NADB, "sets", 1000);
    measured("overwrite", "10 M keys", StoreKind.NADB, "sets", 600);

    assertThat(new Tables(new Summary(measured), Scale.FULL).targets())
        .contains(
            List.of("sustained load", "≥ 3.00 × the best peer", "2.90 × lmdb", "**no**"),
            List.of("heap", "≤ 40.0 bytes/key", "41.0 bytes/key", "**no**"),
            List.of("cost of a set, 10 k keys to 10 M keys", "≤ 1.50 ×", "1.67 ×", "**no**"));
  }

  @Test
  void aShareOfNothingIsNotAboveAnothersAndNoMultipleOfIt() {
    String hot = "4 threads, 100 hot keys";
    measured("transactions", hot, StoreKind.NADB, "aborted", 0);
    measured("transactions", hot, StoreKind.ROCKSDB_OPTIMISTIC, "aborted", 0);
    Tables tables = new Tables(new Summary(measured), Scale.FULL);

    assertThat(tables.targets())
        .contains(
            List.of(
                "transactions aborted, 4 threads, 100 hot keys",
                "≤ rocksdb-optimistic, 0 % aborted",
                "0 % aborted",
                "yes"));
    assertThat(tables.of(Workloads.of("transactions"), Target.find("transactions", "aborted")))
        .hasSize(3);
  }

  @Test
  void aShareAboveAnothersIsMissed() {
    String hot = "4 threads, 100 hot keys";
    measured("transactions", hot, StoreKind.NADB, "aborted", 2);
    measured("transactions", hot, StoreKind.ROCKSDB_OPTIMISTIC, "aborted", 1.5);

    assertThat(new Tables(new Summary(measured), Scale.FULL).targets().get(1))
        .endsWith("≤ rocksdb-optimistic, 1.50 % aborted", "2.00 % aborted", "**no**");
  }

  @Test
  void everyTargetNamesAWorkloadVariantAndMetricThatExist() {
    for (Target target : Targets.of(Scale.FULL)) {
      if (target instanceof Target.Lead lead) {
        measured(lead.workload(), lead.variant(), lead.ours(), lead.metric(), 1);
        StoreKind rival = lead.rivals().isEmpty() ? StoreKind.LMDB : lead.rivals().get(0);
        measured(lead.workload(), lead.variant(), rival, lead.metric(), 1);
        assertThat(Workloads.of(lead.workload()).variants(Scale.FULL))
            .anyMatch(variant -> variant.label().equals(lead.variant()));
        assertThat(target.judge(new Summary(measured))).isPresent();
      } else if (target instanceof Target.Limit limit) {
        assertThat(Workloads.of(limit.workload()).variants(Scale.FULL))
            .anyMatch(variant -> variant.label().equals(limit.variant()));
        assertThat(Target.find(limit.workload(), limit.metric()).moreIsBetter()).isFalse();
      } else if (target instanceof Target.NotAbove notAbove) {
        assertThat(Workloads.of(notAbove.workload()).variants(Scale.FULL))
            .anyMatch(variant -> variant.label().equals(notAbove.variant()));
        assertThat(Target.find(notAbove.workload(), notAbove.metric()).moreIsBetter()).isFalse();
      } else if (target instanceof Target.Growth growth) {
        assertThat(Workloads.of(growth.workload()).variants(Scale.FULL))
            .anyMatch(variant -> variant.label().equals(growth.small()))
            .anyMatch(variant -> variant.label().equals(growth.large()));
      }
    }
  }

  @Test
  void aTableHasARowForEachStoreAndTheLeadBelow() {
    measured("load", LOAD, StoreKind.NADB, "sets", 500_000);
    measured("load", LOAD, StoreKind.LMDB, "sets", 90_000, 110_000);
    measured.add(
        new Measurement(
            "load", "10 M keys", "lmdb", 1, Measurement.FAILED, Double.NaN, "not done"));
    Tables tables = new Tables(new Summary(measured), Scale.FULL);

    List<List<String>> rows = tables.of(Workloads.of("load"), Metric.SETS);

    assertThat(rows)
        .containsExactly(
            List.of("sets/s", "1 M keys", "10 M keys"),
            List.of("nadb", "500 k", "–"),
            List.of("lmdb", "100 k ±10 %", "failed"),
            List.of("nadb ahead of the best peer", "5.00 × lmdb", "–"));
    assertThat(Tables.markdown(rows)).contains("|---|--:|--:|", "| lmdb | 100 k ±10 % | failed |");
    assertThat(Tables.plain(rows).lines().map(String::length).distinct()).hasSize(1);
    assertThat(tables.failures(Workloads.of("load"))).containsExactly("lmdb, 10 M keys: not done");
  }

  @Test
  void theChartIsXmlWithTheLongestBarForTheBest() throws Exception {
    measured("load", LOAD, StoreKind.NADB, "sets", 200);
    measured("load", LOAD, StoreKind.LMDB, "sets", 100);
    measured("overwrite", LOAD, StoreKind.NADB, "sets", 100);
    Chart chart = new Chart(new Summary(measured));
    chart.add("Load <fast> & slow", "load", LOAD, Metric.SETS);
    chart.add("nothing", "get", LOAD, Metric.GETS);
    chart.add("nothing to compare", "overwrite", LOAD, Metric.SETS);

    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(chart.svg())));

    assertThat(svg.getElementsByTagName("rect").getLength()).as("with the ground").isEqualTo(3);
    assertThat(svg.getElementsByTagName("rect").item(1).getAttributes().getNamedItem("width"))
        .extracting(org.w3c.dom.Node::getNodeValue)
        .isEqualTo("250.0");
    assertThat(svg.getElementsByTagName("line").getLength()).as("axes").isEqualTo(1);
    assertThat(chart.svg())
        .doesNotContain("nothing")
        .contains("prefers-color-scheme: dark", "Load &lt;fast&gt; &amp; slow");
  }
}
