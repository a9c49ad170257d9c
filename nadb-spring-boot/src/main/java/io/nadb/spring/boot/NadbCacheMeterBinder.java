package io.nadb.spring.boot;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import io.nadb.spring.cache.NadbCache;
import io.nadb.spring.cache.NadbCacheStatistics;
import org.jspecify.annotations.Nullable;

/** The statistics of one of Spring's caches as Micrometer's meters of caches. */
final class NadbCacheMeterBinder extends CacheMeterBinder<NadbCache> {

  NadbCacheMeterBinder(NadbCache cache, Iterable<Tag> tags) {
    super(cache, cache.getName(), tags);
  }

  /** Not told: to count the entries of a cache on a server costs a call for each scrape. */
  @Override
  protected @Nullable Long size() {
    return null;
  }

  @Override
  protected long hitCount() {
    return statistics().hits();
  }

  @Override
  protected Long missCount() {
    return statistics().misses();
  }

  @Override
  protected Long evictionCount() {
    return statistics().evictions();
  }

  @Override
  protected long putCount() {
    return statistics().puts();
  }

  @Override
  protected void bindImplementationSpecificMetrics(MeterRegistry registry) {}

  private NadbCacheStatistics statistics() {
    NadbCache cache = getCache();
    return cache == null ? new NadbCacheStatistics(0, 0, 0, 0, 0) : cache.statistics();
  }
}
