package io.nadb.compatibility;

import io.nadb.testkit.contract.Capability;
import io.nadb.testkit.contract.StoreContract;
import io.nadb.testkit.redis.RedisCluster;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;

/** The contract of stores, on a cluster, with a write buffer. */
class ClusterContractIT extends StoreContract {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final RedisCluster CLUSTER = RedisCluster.start(3);

  @AfterAll
  static void stop() {
    CLUSTER.close();
  }

  @Override
  protected String url() {
    return "nadb:redis-cluster://"
        + CLUSTER.endpoints()
        + "?buffer=1mb&db=contract-"
        + NUMBERS.incrementAndGet();
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.TTL, Capability.TAGS, Capability.BUFFER, Capability.PERSISTENCE);
  }
}
