package io.nadb.testkit.redis;

/**
 * Why a server refuses writes, while it answers reads.
 *
 * @since 0.1.0
 */
public enum RedisRefusal {
  /** It has become a replica, as after a failover that its clients have missed. */
  READ_ONLY,
  /** Its memory is full. */
  OUT_OF_MEMORY,
  /** It has too few replicas to take a write ({@code min-replicas-to-write}). */
  MISSING_REPLICAS
}
