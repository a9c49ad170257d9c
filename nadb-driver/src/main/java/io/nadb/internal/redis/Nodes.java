package io.nadb.internal.redis;

import java.util.Collection;
import redis.clients.jedis.HostAndPort;

/** The servers of a store, with the connections to each. */
interface Nodes extends AutoCloseable {

  /** The server that has a slot, as far as is known. */
  HostAndPort nodeOf(int slot);

  /** All servers that have slots. */
  Collection<HostAndPort> masters();

  /** Whether they share the slots, so that keys have to be named and may be in different places. */
  boolean hasSlots();

  /** Whether what one server has may move to another, so that it makes sense to look again. */
  boolean canMove();

  /**
   * The connections to a server.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if it is none of these servers any more
   */
  Lines lines(HostAndPort node);

  /** Has it found out anew which server has what, before the next use. */
  void refresh();

  @Override
  void close();
}
