package io.nadb.internal.redis;

import io.nadb.TimeSource;
import io.nadb.internal.redis.Sentinels.Master;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The one server that sentinels call the master, at a time.
 *
 * <p>Another one is noticed in two ways: a sentinel tells it, or something goes wrong with the
 * present one and the sentinels are asked. From then on nobody speaks to the former one, since what
 * is written there is lost.
 */
final class SentinelNodes implements Nodes {
  private final Sentinels sentinels;
  private final Function<HostAndPort, Lines> connector;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Current current;
  private volatile boolean outdated;
  private volatile boolean closed;
  private @Nullable SentinelWatch watch;

  /** The master, and the connections to it. */
  private record Current(Master master, Lines lines) {}

  private SentinelNodes(
      Sentinels sentinels, Function<HostAndPort, Lines> connector, Master master) {
    this.sentinels = sentinels;
    this.connector = connector;
    this.current = new Current(master, connector.apply(master.node()));
  }

  /**
   * Asks for the master, and begins to listen for another one.
   *
   * @throws JedisException if no sentinel tells
   */
  static SentinelNodes open(
      Sentinels sentinels, TimeSource time, Function<HostAndPort, Lines> connector) {
    SentinelNodes nodes = new SentinelNodes(sentinels, connector, sentinels.find(0));
    nodes.watch = SentinelWatch.start(sentinels, time, nodes::hear);
    return nodes;
  }

  /** A sentinel that has missed the last failover is not believed. */
  private void hear(Master told) {
    if (told.epoch() >= current.master.epoch()) {
      follow(told);
    }
  }

  private synchronized void follow(Master master) {
    Current former = current;
    if (closed || former.master.equals(master)) {
      return;
    }
    if (former.master.node().equals(master.node())) {
      current = new Current(master, former.lines);
      return;
    }
    current = new Current(master, connector.apply(master.node()));
    former.lines.close("the master is " + master.node() + " now");
  }

  /** One call asks; the others, meanwhile, go on with what is known. */
  private void askIfOutdated() {
    if (outdated && asking.tryLock()) {
      try {
        outdated = false; // If the sentinels are down, the master need not be.
        follow(sentinels.find(current.master.epoch()));
      } catch (JedisException e) {
        // What goes wrong next with the present master is what there is to tell.
      } finally {
        asking.unlock();
      }
    }
  }

  @Override
  public HostAndPort nodeOf(int slot) {
    askIfOutdated();
    return current.master.node();
  }

  @Override
  public Collection<HostAndPort> masters() {
    return List.of(nodeOf(0));
  }

  @Override
  public boolean hasSlots() {
    return false;
  }

  @Override
  public boolean canMove() {
    return true;
  }

  @Override
  public Lines lines(HostAndPort node) {
    Current present = current;
    if (!present.master.node().equals(node)) {
      throw new JedisConnectionException("the master is " + present.master.node() + " now");
    }
    return present.lines;
  }

  @Override
  public void refresh() {
    outdated = true;
  }

  @Override
  public void close() {
    SentinelWatch present = watch;
    if (present != null) {
      present.close();
    }
    synchronized (this) {
      closed = true;
      current.lines.close();
    }
  }
}
