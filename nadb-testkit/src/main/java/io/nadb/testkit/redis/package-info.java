/**
 * Real Redis servers for tests.
 *
 * <p>{@link io.nadb.testkit.redis.RedisServer} starts one on a free port and says where it came
 * from; {@link io.nadb.testkit.redis.RedisCluster} starts several as a cluster. Servers listen on
 * 127.0.0.1 only, keep their data in a temporary directory, and are gone when they are closed or
 * the JVM ends.
 */
@NullMarked
package io.nadb.testkit.redis;

import org.jspecify.annotations.NullMarked;
