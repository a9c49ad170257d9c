package io.nadb.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nadb.KeyValueStore;
import io.nadb.junit.NadbStore;
import io.nadb.testing.ShownCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Runs what docs/metrics.md shows, and holds its table to the meters that there are. */
class MetricsDocsTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");

  @NadbStore("nadb:mem:docs")
  private KeyValueStore store;

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void thePageShowsWhatIsRunHere() throws IOException {
    assertThat(
            ShownCode.notIn(PAGE, Path.of("src/test/java/io/nadb/micrometer/MetricsDocsTest.java")))
        .isEmpty();
  }

  @Test
  void theTableOfThePageIsThatOfTheMeters() throws IOException {
    String table =
        "| meter | kind | shows |\n|---|---|---|\n"
            + StoreFigures.ALL.stream().map(MetricsDocsTest::row).collect(Collectors.joining());

    assertThat(Files.readString(PAGE)).contains("<!-- meters -->\n" + table + "<!-- /meters -->");
  }

  private static String row(Figure<?> figure) {
    return "| `%s`%s | %s | %s |%n"
        .formatted(
            figure.name(),
            figure.tags().stream()
                .map(tag -> " `" + tag.getKey() + "=" + tag.getValue() + "`")
                .collect(Collectors.joining()),
            switch (figure.kind()) {
                  case COUNTER -> "counter";
                  case GAUGE -> "gauge";
                  case SECONDS -> "gauge, seconds";
                }
                + (figure.unit() == null ? "" : ", " + figure.unit()),
            figure.description());
  }

  @Test
  void aStoreIsBound() {
    NadbMetrics metrics = NadbMetrics.of(store);
    metrics.bindTo(registry);

    assertThat(registry.get("nadb.store.healthy").tag("store", store.name()).gauge().value())
        .isEqualTo(1);
    metrics.close();
  }

  @Test
  void aNamespaceIsBoundAsACache() {
    KeyValueStore books = store.namespace("books");
    NadbCacheMetrics cache = NadbCacheMetrics.of("books", books);
    cache.bindTo(registry);

    books.set("k", "v".getBytes(UTF_8));
    assertThat(registry.get("cache.puts").tag("cache", "books").functionCounter().count())
        .isEqualTo(1);
    cache.close();
    books.close();
  }

  @Test
  void aCacheIsBound() {
    store.set("k", "v".getBytes(UTF_8));

    LongAdder hits = new LongAdder();
    LongAdder misses = new LongAdder();
    NadbCacheMetrics cache =
        NadbCacheMetrics.of(
            "books", () -> new CacheCounts(store.size(), hits.sum(), misses.sum(), 0, 0));
    cache.bindTo(registry);

    assertThat(registry.get("cache.size").tag("cache", "books").gauge().value()).isEqualTo(1);
    cache.close();
  }
}
