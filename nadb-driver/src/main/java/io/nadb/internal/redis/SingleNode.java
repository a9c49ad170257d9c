package io.nadb.internal.redis;

import java.util.Collection;
import java.util.List;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** One server that has everything. */
final class SingleNode implements Nodes {
  private final HostAndPort server;
  private final ConnectionPool pool;

  SingleNode(
      HostAndPort server,
      JedisClientConfig client,
      GenericObjectPoolConfig<Connection> poolConfig) {
    this.server = server;
    this.pool = new ConnectionPool(server, client, poolConfig);
  }

  @Override
  public HostAndPort nodeOf(int slot) {
    return server;
  }

  @Override
  public Collection<HostAndPort> masters() {
    return List.of(server);
  }

  @Override
  public boolean canMove() {
    return false;
  }

  @Override
  public Connection connect(HostAndPort node) {
    return pool.getResource();
  }

  @Override
  public void dropIdle(HostAndPort node) {
    pool.clear();
  }

  @Override
  public void refresh() {}

  @Override
  public void close() {
    pool.close();
  }
}
