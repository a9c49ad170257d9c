package io.nadb.internal.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;

/** A request on its way to a server, with what it has met there. For one thread. */
final class Pending {
  final Request request;
  final int number;
  boolean source;

  /** The node that the last one has named; it knows better than this process's table of slots. */
  @Nullable HostAndPort target;

  /** Whether that node does not have the slot yet, and must be told to serve it all the same. */
  boolean asking;

  /** Whether a server has refused it that is no master any more. */
  boolean demoted;

  @Nullable JedisDataException refusal;

  Pending(Request request, int number) {
    this.request = request;
    this.number = number;
  }

  void forgetTarget() {
    target = null;
    asking = false;
  }
}
