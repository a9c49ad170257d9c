package io.nadb.spring.cache;

/**
 * What a cache has done since it was made, in this JVM.
 *
 * @param hits reads that found an entry
 * @param misses reads that found none, or one that could not be read
 * @param puts entries that were put, by users or by loading
 * @param evictions entries that were evicted, one by one or by tags; clearing does not count them
 * @param unreadable entries that could not be read any more, and were dropped
 * @since 0.1.0
 */
public record NadbCacheStatistics(
    long hits, long misses, long puts, long evictions, long unreadable) {}
