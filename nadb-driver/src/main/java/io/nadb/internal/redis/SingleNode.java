package io.nadb.internal.redis;

import java.util.Collection;
import java.util.List;
import redis.clients.jedis.HostAndPort;

/** One server that has everything. */
final class SingleNode implements Nodes {
  private final HostAndPort server;
  private final Lines lines;

  SingleNode(HostAndPort server, Lines lines) {
    this.server = server;
    this.lines = lines;
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
  public boolean hasSlots() {
    return false;
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
