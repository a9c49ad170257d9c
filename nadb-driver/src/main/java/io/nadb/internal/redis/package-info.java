/** {@code nadb:redis:} and its relatives: a backend on a Redis server or a Redis Cluster. */
@NullMarked
package io.nadb.internal.redis;

import org.jspecify.annotations.NullMarked;
