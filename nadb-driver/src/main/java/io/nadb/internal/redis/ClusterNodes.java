package io.nadb.internal.redis;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/** The servers of a Redis Cluster. */
final class ClusterNodes implements Nodes {
  private static final int SLOTS = 16384;

  private final ClusterConnectionProvider cluster;
  private volatile boolean outdated;

  ClusterNodes(
      Set<HostAndPort> seeds,
      JedisClientConfig client,
      GenericObjectPoolConfig<Connection> poolConfig) {
    this.cluster = new ClusterConnectionProvider(seeds, client, poolConfig);
  }

  @Override
  public HostAndPort nodeOf(int slot) {
    renewIfOutdated();
    HostAndPort node = cluster.getNode(slot);
    if (node == null) {
      outdated = true;
      throw new JedisClusterOperationException("no node of the cluster has slot " + slot);
    }
    return node;
  }

  @Override
  public Collection<HostAndPort> masters() {
    renewIfOutdated();
    Set<HostAndPort> masters = new LinkedHashSet<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      HostAndPort node = cluster.getNode(slot);
      if (node != null) {
        masters.add(node);
      }
    }
    return masters;
  }

  @Override
  public boolean canMove() {
    return true;
  }

  @Override
  public Connection connect(HostAndPort node) {
    return cluster.getConnection(node);
  }

  @Override
  public void dropIdle(HostAndPort node) {
    ConnectionPool pool = cluster.getNodes().get(node.toString());
    if (pool != null) {
      pool.clear();
    }
  }

  @Override
  public void refresh() {
    outdated = true;
  }

  private void renewIfOutdated() {
    if (outdated) {
      outdated = false;
      cluster.renewSlotCache();
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
