package io.nadb.micrometer;

/**
 * What a cache has done since it was made, and how large it is.
 *
 * @param size entries in it now
 * @param hits reads that found an entry
 * @param misses reads that found none
 * @param puts entries that were put, by users or by loading
 * @param evictions entries that were taken out, whatever for
 * @since 0.1.0
 */
public record CacheCounts(long size, long hits, long misses, long puts, long evictions) {}
