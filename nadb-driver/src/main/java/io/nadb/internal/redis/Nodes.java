package io.nadb.internal.redis;

import java.util.Collection;
import redis.clients.jedis.HostAndPort;

/** The servers of a store, with the connections to each. */
interface Nodes extends AutoCloseable {

  /** The server that has a slot, as far as is known. */
  HostAndPort nodeOf(int slot);

  /** All servers that have slots. */
  Collection<HostAndPort> masters();

  /** Whether slots may move to other servers, so that it makes sense to look again. */
  boolean canMove();

  /** The connections to a server. */
  Lines lines(HostAndPort node);

  /** Has it found out anew which server has which slot, before the next use. */
  void refresh();

  @Override
  void close();
}
