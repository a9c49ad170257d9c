package io.nadb.samples.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.jmx.JmxTelemetry;
import io.prometheus.jmx.JmxCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules for other tools, read by those tools; this JVM has the agent. */
class RulesIT {
  private static final Path PROMETHEUS = Path.of("jmx_exporter.yaml");
  private static final Path OPEN_TELEMETRY = Path.of("otel-jmx-rules.yaml");

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
  @TempDir private Path directory;
  private OrderService service;

  @BeforeEach
  void start() throws Exception {
    service = new OrderService(directory.toString());
    service.work();
    beans.invoke(name("orders"), "flush", new Object[0], new String[0]);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private static ObjectName name(String store) throws Exception {
    return new ObjectName("io.nadb:type=Store,name=" + store);
  }

  private Map<String, MetricSnapshot> collected() throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    new JmxCollector(PROMETHEUS.toFile()).register(registry);
    MetricSnapshots snapshots = registry.scrape();
    return snapshots.stream()
        .filter(each -> each.getMetadata().getName().startsWith("nadb_"))
        .collect(Collectors.toMap(each -> each.getMetadata().getName(), Function.identity()));
  }

  @Test
  void prometheusExporterFindsCountersAndGaugesOfEachStore() throws Exception {
    Map<String, MetricSnapshot> collected = collected();
    CounterSnapshot flushes =
        (CounterSnapshot) Objects.requireNonNull(collected.get("nadb_store_flush_count"));
    assertThat(flushes.getDataPoints())
        .extracting(each -> each.getLabels().get("store") + " " + each.getValue())
        .containsExactlyInAnyOrder("orders 1.0", "carts 0.0");
    GaugeSnapshot buffered =
        (GaugeSnapshot) Objects.requireNonNull(collected.get("nadb_store_buffered_keys"));
    assertThat(buffered.getDataPoints())
        .filteredOn(each -> "carts".equals(each.getLabels().get("store")))
        .singleElement()
        .satisfies(each -> assertThat(each.getValue()).isPositive());
    assertThat(collected)
        .containsKeys(
            "nadb_store_degraded",
            "nadb_store_last_flush_time_seconds",
            "nadb_store_flush_p99_milliseconds",
            "nadb_sync_stalled",
            "nadb_sync_failures");
  }

  @Test
  void everyNumberOfAStoreIsInThePrometheusRules() throws Exception {
    String rules = Files.readString(PROMETHEUS);
    for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name("orders")).getAttributes()) {
      if (List.of("long", "int", "boolean", "java.util.Date").contains(attribute.getType())) {
        String name = attribute.getName().replaceAll("([a-z])([A-Z])", "$1_$2");
        assertThat(rules).containsPattern("[(|]" + name.toLowerCase(Locale.ROOT) + "[)|]");
      }
    }
  }

  @Test
  void openTelemetryTakesTheRules() throws Exception {
    try (var rules = Files.newInputStream(OPEN_TELEMETRY)) {
      assertThat(JmxTelemetry.builder(OpenTelemetry.noop()).addRules(rules).build()).isNotNull();
    }
  }

  @Test
  void everyAttributeOfTheOpenTelemetryRulesIsThere() throws Exception {
    List<String> attributes =
        Pattern.compile("^ {6}([A-Z][A-Za-z0-9.]+):$", Pattern.MULTILINE)
            .matcher(Files.readString(OPEN_TELEMETRY))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(attributes).hasSizeGreaterThan(20);
    for (String attribute : attributes) {
      assertThat(value(attribute)).as(attribute).isInstanceOf(Number.class);
    }
  }

  private Object value(String attribute) throws Exception {
    String[] parts = attribute.split("\\.", 2);
    ObjectName name = name("orders");
    boolean ofStore =
        List.of(beans.getMBeanInfo(name).getAttributes()).stream()
            .anyMatch(each -> each.getName().equals(parts[0]));
    Object value =
        beans.getAttribute(ofStore ? name : new ObjectName("io.nadb:type=Sync"), parts[0]);
    return value instanceof CompositeData data ? data.get(parts[1]) : value;
  }
}
