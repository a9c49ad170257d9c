package io.nadb.jcache;

import io.nadb.TimeSource;
import java.util.concurrent.atomic.LongAdder;
import javax.cache.management.CacheStatisticsMXBean;

/** Counts what is done to a cache, while that is enabled. */
final class CacheStatistics implements CacheStatisticsMXBean {
  private static final TimeSource TIME = TimeSource.system();

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder getNanos = new LongAdder();
  private final LongAdder putNanos = new LongAdder();
  private final LongAdder removeNanos = new LongAdder();
  private volatile boolean enabled;

  void enable(boolean enable) {
    enabled = enable;
  }

  boolean isEnabled() {
    return enabled;
  }

  /** The moment at which a call begins. */
  long start() {
    return enabled ? TIME.nanoTime() : 0;
  }

  /** Counts reads that began at {@code start}. */
  void looked(int found, int missed, long start) {
    if (enabled) {
      hits.add(found);
      misses.add(missed);
      getNanos.add(TIME.nanoTime() - start);
    }
  }

  /** Counts a read that began at {@code start}. */
  void looked(boolean found, long start) {
    looked(found ? 1 : 0, found ? 0 : 1, start);
  }

  /** Counts writes that began at {@code start}. */
  void put(int count, long start) {
    if (enabled && count > 0) {
      puts.add(count);
      putNanos.add(TIME.nanoTime() - start);
    }
  }

  /** Counts removals that began at {@code start}. */
  void removed(int count, long start) {
    if (enabled && count > 0) {
      removals.add(count);
      removeNanos.add(TIME.nanoTime() - start);
    }
  }

  @Override
  public void clear() {
    for (LongAdder adder :
        new LongAdder[] {hits, misses, puts, removals, getNanos, putNanos, removeNanos}) {
      adder.reset();
    }
  }

  @Override
  public long getCacheHits() {
    return hits.sum();
  }

  @Override
  public float getCacheHitPercentage() {
    return percentage(getCacheHits());
  }

  @Override
  public long getCacheMisses() {
    return misses.sum();
  }

  @Override
  public float getCacheMissPercentage() {
    return percentage(getCacheMisses());
  }

  private float percentage(long part) {
    long all = getCacheGets();
    return all == 0 ? 0 : 100f * part / all;
  }

  @Override
  public long getCacheGets() {
    return hits.sum() + misses.sum();
  }

  @Override
  public long getCachePuts() {
    return puts.sum();
  }

  @Override
  public long getCacheRemovals() {
    return removals.sum();
  }

  /** Nothing is evicted: what is there stays until it expires or is removed. */
  @Override
  public long getCacheEvictions() {
    return 0;
  }

  @Override
  public float getAverageGetTime() {
    return averageMicros(getNanos, getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return averageMicros(putNanos, getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return averageMicros(removeNanos, getCacheRemovals());
  }

  private static float averageMicros(LongAdder nanos, long count) {
    return count == 0 ? 0 : nanos.sum() / 1000f / count;
  }
}
