package io.nadb.micrometer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nadb.KeyValueStore;
import io.nadb.StoreStats;
import io.nadb.junit.NadbStore;
import io.nadb.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NadbMetricsTest {
  private final MockClock clock = new MockClock();
  private final MeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

  @NadbStore(with = "flush=5s", group = "g")
  private KeyValueStore store;

  @NadbStore(group = "g")
  private VirtualTime time;

  @Test
  void theMetersShowWhatTheStoreDid() {
    try (NadbMetrics metrics = NadbMetrics.of(store)) {
      metrics.bindTo(registry);
      store.set("a", "1".getBytes(UTF_8));
      store.set("b", "2".getBytes(UTF_8));
      store.get("a");
      store.get("x");
      store.get("y");
      store.delete("b");
      time.advance(Duration.ofSeconds(2));
      clock.add(Duration.ofMinutes(1));

      assertThat(gauge("nadb.store.healthy")).isEqualTo(1);
      assertThat(gauge("nadb.store.buffered.keys")).isEqualTo(2);
      assertThat(gauge("nadb.store.buffered")).isPositive();
      assertThat(gauge("nadb.store.buffered.age")).isEqualTo(2);
      assertThat(counter("nadb.store.sets")).isEqualTo(2);
      assertThat(counter("nadb.store.deletes")).isEqualTo(1);
      assertThat(counter("nadb.store.gets", "result", "hit")).isEqualTo(1);
      assertThat(counter("nadb.store.gets", "result", "miss")).isEqualTo(2);
      assertThat(counter("nadb.store.flushes", "result", "success")).isZero();

      time.advance(Duration.ofSeconds(3));
      clock.add(Duration.ofMinutes(1));
      assertThat(counter("nadb.store.flushes", "result", "success")).isEqualTo(1);
      assertThat(gauge("nadb.store.buffered.keys")).isZero();
    }
  }

  @Test
  void everyFigureOfTheStoreIsAMeterOrSaidToBeNone() {
    // What is no number, or follows from others.
    Set<String> none =
        Set.of(
            "sequence",
            "durableSequence",
            "gets",
            "lastFlushCause",
            "lastFlushTime",
            "lastFailure",
            "metadataFailure",
            "nearFailure");
    Set<String> figures = new TreeSet<>(store.stats().asMap().keySet());
    figures.removeAll(none);

    assertThat(StoreFigures.ALL).hasSameSizeAs(figures);
  }

  @Test
  void oneCallOfStatsServesAScrape() {
    AtomicInteger calls = new AtomicInteger();
    try (NadbMetrics metrics = NadbMetrics.of(counting(store, calls))) {
      metrics.bindTo(registry);
      calls.set(0);

      scrape(registry);
      assertThat(calls).hasValue(1);
      scrape(registry);
      scrape(registry);
      assertThat(calls).hasValue(3);
    }
  }

  @Test
  void whoReadsOneMeterNowAndAnotherOneLaterGetsWhatIsThen() {
    try (NadbMetrics metrics = NadbMetrics.of(store)) {
      metrics.bindTo(registry);
      assertThat(counter("nadb.store.sets")).isZero();
      store.set("a", "1".getBytes(UTF_8));
      store.delete("a");

      clock.add(Duration.ofSeconds(1));
      assertThat(counter("nadb.store.deletes")).as("the same round").isZero();
      clock.add(Duration.ofMillis(1));
      assertThat(counter("nadb.store.deletes")).isEqualTo(1);
    }
  }

  @Test
  void allMetersAreGoneAfterClose() {
    CompositeMeterRegistry composite = new CompositeMeterRegistry(clock, List.of(registry));
    NadbMetrics metrics = NadbMetrics.of(store);
    metrics.bindTo(composite);
    assertThat(registry.getMeters()).hasSameSizeAs(StoreFigures.ALL);

    metrics.close();
    metrics.close();

    assertThat(composite.getMeters()).isEmpty();
    assertThat(registry.getMeters()).isEmpty();
    metrics.bindTo(composite);
    metrics.close();
  }

  @Test
  void aStoreThatIsBoundTwiceIsAnErrorAndLeavesTheFirstOneAsItIs() {
    try (NadbMetrics first = NadbMetrics.of(store);
        NadbMetrics other = NadbMetrics.of(store, Tags.of("store", "other"))) {
      first.bindTo(registry);
      other.bindTo(registry);
      NadbMetrics second = NadbMetrics.of(store);

      assertThatThrownBy(() -> second.bindTo(registry))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nadb.store.healthy", "already");
      second.close();

      assertThat(registry.getMeters()).hasSize(2 * StoreFigures.ALL.size());
    }
  }

  @Test
  void whatFailsToBindLeavesNothingBehind() {
    Gauge.builder("nadb.store.keys", () -> 1).tags("store", store.name()).register(registry);
    try (NadbMetrics metrics = NadbMetrics.of(store)) {
      assertThatThrownBy(() -> metrics.bindTo(registry))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nadb.store.keys");
    }
    assertThat(registry.getMeters()).hasSize(1);
  }

  @Test
  void metersOfACacheAreNamedAsMicrometerNamesThem() {
    CacheCounts counts = new CacheCounts(1, 2, 3, 4, 5);
    try (NadbCacheMetrics metrics =
        NadbCacheMetrics.of("books", () -> counts, Tags.of("cache.manager", "m"))) {
      metrics.bindTo(registry);
      MeterRegistry theirs = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
      new MicrometersOwn("books", Tags.of("cache.manager", "m")).bindTo(theirs);

      assertThat(ids(registry)).isEqualTo(ids(theirs));
      assertThat(gauge("cache.size")).isEqualTo(1);
      assertThat(counter("cache.gets", "result", "hit")).isEqualTo(2);
      assertThat(counter("cache.gets", "result", "miss")).isEqualTo(3);
      assertThat(counter("cache.puts")).isEqualTo(4);
      assertThat(counter("cache.evictions")).isEqualTo(5);
    }
    assertThat(registry.getMeters()).isEmpty();
    NadbCacheMetrics.of("books", () -> counts).bindTo(registry);
    assertThat(registry.getMeters()).hasSize(5);
  }

  @Test
  void aNamespaceThatIsACacheCountsByItself() {
    try (KeyValueStore books = store.namespace("books");
        NadbCacheMetrics metrics = NadbCacheMetrics.of("books", books)) {
      metrics.bindTo(registry);
      books.set("a", new byte[1]);
      books.set("b", new byte[1]);
      books.set("c", new byte[1]);
      books.delete("c");
      books.get("a");
      books.get("b");
      books.get("c");
      store.set("a", new byte[1]);

      assertThat(counter("cache.gets", "cache", "books", "result", "hit")).isEqualTo(2);
      assertThat(counter("cache.gets", "cache", "books", "result", "miss")).isEqualTo(1);
      assertThat(counter("cache.puts", "cache", "books")).isEqualTo(3);
      assertThat(counter("cache.evictions", "cache", "books")).isEqualTo(1);
      assertThat(registry.find("cache.size").meters()).isEmpty();
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  private static Set<String> ids(MeterRegistry registry) {
    Set<String> ids = new HashSet<>();
    for (Meter meter : registry.getMeters()) {
      ids.add(meter.getId().getType() + " " + meter.getId());
    }
    return ids;
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private static void scrape(MeterRegistry registry) {
    registry.getMeters().forEach(meter -> meter.measure().forEach(each -> each.getValue()));
  }

  private static KeyValueStore counting(KeyValueStore store, AtomicInteger calls) {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            NadbMetricsTest.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType() == StoreStats.class) {
                calls.incrementAndGet();
              }
              return method.invoke(store, arguments);
            });
  }
}
