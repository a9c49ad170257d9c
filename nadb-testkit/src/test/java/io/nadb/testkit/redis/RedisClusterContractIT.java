package io.nadb.testkit.redis;

import io.nadb.testkit.contract.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code nadb:redis-cluster:} keeps the contract of stores, with writes that go out at once, with a
 * write buffer, and near.
 */
class RedisClusterContractIT {
  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private static String cluster = "";
  private static String undivided = "";

  @BeforeAll
  static void startServers() {
    RedisCluster three = RedisCluster.start(3);
    SERVERS.add(three);
    cluster = "nadb:redis-cluster://" + three.endpoints();
    // Databases that some tests have names for can't be divided and whole in one place.
    RedisCluster others = RedisCluster.start(3);
    SERVERS.add(others);
    undivided = "nadb:redis-cluster://" + others.endpoints();
  }

  @AfterAll
  static void stopServers() throws Exception {
    for (AutoCloseable server : SERVERS) {
      server.close();
    }
  }

  /** The keys of most tests are in several partitions, which no transaction reaches. */
  static class Cluster extends RedisContracts.AtOnce {
    @Override
    protected String url() {
      return RedisContracts.fresh(cluster);
    }

    @Override
    protected Set<Capability> capabilities() {
      return RedisContracts.without(super.capabilities(), Capability.TRANSACTIONS);
    }
  }

  static class ClusterBuffered extends RedisContracts.Buffered {
    @Override
    protected String url() {
      return RedisContracts.fresh(cluster) + "&buffer=1mb";
    }

    @Override
    protected Set<Capability> capabilities() {
      return RedisContracts.without(super.capabilities(), Capability.TRANSACTIONS);
    }
  }

  static class ClusterNear extends Cluster {
    @Override
    protected String url() {
      return super.url() + "&near=16mb";
    }
  }

  static class ClusterOfOnePartition extends RedisContracts.AtOnce {
    @Override
    protected String url() {
      return RedisContracts.fresh(undivided) + "&partitions=1";
    }

    /** No test here: two namespaces are two partitions, see RedisClusterTransactionsIT. */
    @Override
    public void aTransactionMayHaveSeveralNamespaces() {}

    /** No test here, as above. */
    @Override
    public void aTransactionCountsForTheNamespacesThatItWritesTo() {}
  }

  static class ClusterOfOnePartitionBuffered extends RedisContracts.Buffered {
    @Override
    protected String url() {
      return RedisContracts.fresh(undivided) + "&partitions=1&buffer=1mb";
    }

    /** No test here, as above. */
    @Override
    public void aTransactionMayHaveSeveralNamespaces() {}

    /** No test here, as above. */
    @Override
    public void aTransactionCountsForTheNamespacesThatItWritesTo() {}
  }

  static class AsynchronousCluster extends Cluster {
    @Override
    protected boolean callsAsynchronously() {
      return true;
    }
  }

  @Test
  void aClusterKeepsIt() {
    RedisContracts.assertAllBut(Cluster.class, Capability.BUFFER, Capability.TRANSACTIONS);
  }

  @Test
  void aClusterOfWhichEntriesAreKeptNearKeepsIt() {
    RedisContracts.assertAllBut(ClusterNear.class, Capability.BUFFER, Capability.TRANSACTIONS);
  }

  @Test
  void aClusterWithABufferKeepsIt() {
    RedisContracts.assertAllBut(ClusterBuffered.class, Capability.TRANSACTIONS);
  }

  @Test
  void aClusterWhoseDatabaseHasOnePartitionKeepsItWithTransactions() {
    RedisContracts.assertAllBut(ClusterOfOnePartition.class, Capability.BUFFER);
  }

  @Test
  void aClusterWhoseDatabaseHasOnePartitionAndABufferKeepsItWithTransactions() {
    RedisContracts.assertAllBut(ClusterOfOnePartitionBuffered.class);
  }

  @Test
  void whoDoesNotWaitHasItKeptToo() {
    RedisContracts.assertAllBut(
        AsynchronousCluster.class, Capability.BUFFER, Capability.TRANSACTIONS);
  }
}
