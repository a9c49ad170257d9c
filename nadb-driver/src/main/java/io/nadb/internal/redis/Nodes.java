package io.nadb.internal.redis;

import java.util.Collection;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;

/** The servers of a store, with a pool of connections to each. */
interface Nodes extends AutoCloseable {

  /** The server that has a slot, as far as is known. */
  HostAndPort nodeOf(int slot);

  /** All servers that have slots. */
  Collection<HostAndPort> masters();

  /** Whether slots may move to other servers, so that it makes sense to look again. */
  boolean canMove();

  /** Takes a connection out of the server's pool, or makes one; its {@code close} gives it back. */
  Connection connect(HostAndPort node);

  /** Lets go of the connections that wait in a server's pool, since one of them was found dead. */
  void dropIdle(HostAndPort node);

  /** Has it found out anew which server has which slot, before the next use. */
  void refresh();

  @Override
  void close();
}
