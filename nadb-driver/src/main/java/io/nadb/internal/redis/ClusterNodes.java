package io.nadb.internal.redis;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/** The servers of a Redis Cluster. */
final class ClusterNodes implements Nodes {
  private static final int SLOTS = 16384;

  private final ClusterConnectionProvider cluster;
  private final Function<HostAndPort, Lines> connector;
  private final Map<HostAndPort, Lines> lines = new ConcurrentHashMap<>();
  private final @Nullable Secret password;
  private volatile boolean outdated;

  /**
   * Finds out which server has which slot.
   *
   * @param password what {@code client} gives, if anything
   * @param tables the connections that Jedis has for that; calls use others
   */
  ClusterNodes(
      Set<HostAndPort> seeds,
      IntFunction<JedisClientConfig> client,
      @Nullable Secret password,
      int timeoutMillis,
      GenericObjectPoolConfig<Connection> tables,
      Function<HostAndPort, Lines> connector) {
    this.cluster = new ClusterConnectionProvider(seeds, client.apply(timeoutMillis), tables);
    this.password = password;
    this.connector = connector;
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
  public boolean hasSlots() {
    return true;
  }

  @Override
  public boolean canMove() {
    return true;
  }

  @Override
  public Lines lines(HostAndPort node) {
    return lines.computeIfAbsent(node, connector);
  }

  @Override
  public void refresh() {
    outdated = true;
  }

  private void renewIfOutdated() {
    if (outdated) {
      outdated = false;
      renew();
      Set<String> present = cluster.getNodes().keySet();
      lines.forEach(
          (node, connections) -> {
            if (!present.contains(node.toString())) {
              connections.dropIdle();
            }
          });
    }
  }

  private void renew() {
    try {
      cluster.renewSlotCache();
    } catch (JedisException e) {
      if (password == null || !password.renew()) {
        throw e;
      }
      cluster.renewSlotCache();
    }
  }

  @Override
  public void close() {
    lines.values().forEach(Lines::close);
    cluster.close();
  }
}
