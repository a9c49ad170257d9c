package io.nadb.internal.redis;

import io.nadb.TimeSource;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** One server that has everything. */
final class SingleNode implements Nodes {
  private final HostAndPort server;
  private final Lines lines;

  SingleNode(
      HostAndPort server, IntFunction<JedisClientConfig> client, TimeSource time, int connections) {
    this.server = server;
    this.lines = new Lines(server, client, time, connections);
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
  public Lines lines(HostAndPort node) {
    return lines;
  }

  @Override
  public void refresh() {}

  @Override
  public void close() {
    lines.close();
  }
}
