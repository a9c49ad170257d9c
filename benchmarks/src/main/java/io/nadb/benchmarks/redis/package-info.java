/** NADB on Redis beside plain Jedis. */
@NullMarked
package io.nadb.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
