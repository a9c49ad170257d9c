/**
 * JCache (JSR 107) on NADB: caches that survive the process, in a directory, in memory or on Redis.
 *
 * <p>{@link io.nadb.jcache.NadbCachingProvider} is found by {@code javax.cache.Caching}; the URI of
 * a cache manager is a URL of NADB. What is durable when, and what a key may be, is in {@code
 * docs/jcache.md}.
 */
@NullMarked
package io.nadb.jcache;

import org.jspecify.annotations.NullMarked;
