/**
 * Meters for <a href="https://micrometer.io">Micrometer</a>: {@link io.nadb.micrometer.NadbMetrics}
 * of stores, {@link io.nadb.micrometer.NadbCacheMetrics} of what is used as a cache.
 */
@NullMarked
package io.nadb.micrometer;

import org.jspecify.annotations.NullMarked;
