/**
 * Spring's cache on a store: {@link io.nadb.spring.cache.NadbCacheManager}, whose caches have a TTL
 * of their own, entries with tags, and survive a restart as far as the store does.
 */
@NullMarked
package io.nadb.spring.cache;

import org.jspecify.annotations.NullMarked;
