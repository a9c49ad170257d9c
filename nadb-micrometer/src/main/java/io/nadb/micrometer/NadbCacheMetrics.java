package io.nadb.micrometer;

import static io.nadb.micrometer.Figure.Kind.COUNTER;
import static io.nadb.micrometer.Figure.Kind.GAUGE;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nadb.KeyValueStore;
import io.nadb.NamespaceStats;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The counts of a cache as the meters that Micrometer has for caches: {@code cache.size}, {@code
 * cache.gets}, {@code cache.puts} and {@code cache.evictions}, with the tag {@code cache}.
 *
 * <p>For what the application itself uses as a cache: a namespace of a store, which counts by
 * itself, or anything else that it counts. One call of the supplier serves a scrape. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NadbCacheMetrics implements MeterBinder, AutoCloseable {
  private static final List<Figure<CacheCounts>> FIGURES =
      List.of(
          Figure.of(
              GAUGE, "cache.size", null, "The number of entries in the cache", CacheCounts::size),
          hits(CacheCounts::hits),
          misses(CacheCounts::misses),
          puts(CacheCounts::puts),
          evictions(CacheCounts::evictions));

  private static final List<Figure<NamespaceStats>> OF_A_NAMESPACE =
      List.of(
          hits(NamespaceStats::hits),
          misses(NamespaceStats::misses),
          puts(NamespaceStats::sets),
          evictions(NamespaceStats::deletes));

  private final Meters<?> meters;

  private NadbCacheMetrics(Meters<?> meters) {
    this.meters = meters;
  }

  private static <T> Figure<T> hits(ToDoubleFunction<T> value) {
    return Figure.result("cache.gets", "hit", "Reads of the cache", value);
  }

  private static <T> Figure<T> misses(ToDoubleFunction<T> value) {
    return Figure.result("cache.gets", "miss", "Reads of the cache", value);
  }

  private static <T> Figure<T> puts(ToDoubleFunction<T> value) {
    return Figure.of(COUNTER, "cache.puts", null, "Entries added to the cache", value);
  }

  private static <T> Figure<T> evictions(ToDoubleFunction<T> value) {
    return Figure.of(COUNTER, "cache.evictions", null, "Entries taken out of the cache", value);
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
    Tags all = Tags.of("cache", cache).and(tags);
    return new NadbCacheMetrics(new Meters<>(FIGURES, counts, all));
  }

  /** Creates the meters of a cache, without further tags. */
  public static NadbCacheMetrics of(String cache, Supplier<CacheCounts> counts) {
    return of(cache, counts, Tags.empty());
  }

  /**
   * Creates the meters of a namespace that is used as a cache, from {@link
   * KeyValueStore#namespaceStats}: what was set counts as put, what users deleted as evicted. There
   * is no {@code cache.size}: a scrape should not cost the counting of all entries.
   *
   * @param cache the value of the tag {@code cache}
   * @param store a handle on the namespace
   * @param tags further tags
   */
  public static NadbCacheMetrics of(String cache, KeyValueStore store, Iterable<Tag> tags) {
    Objects.requireNonNull(store, "store");
    Tags all = Tags.of("cache", cache).and(tags);
    return new NadbCacheMetrics(new Meters<>(OF_A_NAMESPACE, store::namespaceStats, all));
  }

  /** Creates the meters of a namespace that is used as a cache, without further tags. */
  public static NadbCacheMetrics of(String cache, KeyValueStore store) {
    return of(cache, store, Tags.empty());
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
