package io.nadb.micrometer;

import static io.nadb.micrometer.Figure.Kind.COUNTER;
import static io.nadb.micrometer.Figure.Kind.GAUGE;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The counts of a cache as the meters that Micrometer has for caches: {@code cache.size}, {@code
 * cache.gets}, {@code cache.puts} and {@code cache.evictions}, with the tag {@code cache}.
 *
 * <p>For what the application itself uses as a cache, a namespace of a store say, and counts. One
 * call of the supplier serves a scrape. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbCacheMetrics implements MeterBinder, AutoCloseable {
  private static final List<Figure<CacheCounts>> FIGURES =
      List.of(
          Figure.of(
              GAUGE, "cache.size", null, "The number of entries in the cache", CacheCounts::size),
          Figure.result("cache.gets", "hit", "Reads of the cache", CacheCounts::hits),
          Figure.result("cache.gets", "miss", "Reads of the cache", CacheCounts::misses),
          Figure.of(COUNTER, "cache.puts", null, "Entries added to the cache", CacheCounts::puts),
          Figure.of(
              COUNTER,
              "cache.evictions",
              null,
              "Entries taken out of the cache",
              CacheCounts::evictions));

  private final Meters<CacheCounts> meters;

  private NadbCacheMetrics(Supplier<CacheCounts> counts, Tags tags) {
    this.meters = new Meters<>(FIGURES, counts, tags);
  }

  /**
   * Creates the meters of a cache.
   *
   * @param cache the value of the tag {@code cache}
   * @param counts gives the counts of now; must not throw, or the scrape may fail
   * @param tags further tags
   */
  public static NadbCacheMetrics of(
      String cache, Supplier<CacheCounts> counts, Iterable<Tag> tags) {
    Objects.requireNonNull(counts, "counts");
    return new NadbCacheMetrics(counts, Tags.of("cache", cache).and(tags));
  }

  /** Creates the meters of a cache, without further tags. */
  public static NadbCacheMetrics of(String cache, Supplier<CacheCounts> counts) {
    return of(cache, counts, Tags.empty());
  }

  /**
   * Adds the meters to a registry.
   *
   * @throws IllegalStateException as {@link NadbMetrics#bindTo} does
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    meters.bindTo(registry);
  }

  /** Takes the meters away from every registry that has them. A second call does nothing. */
  @Override
  public void close() {
    meters.close();
  }
}
