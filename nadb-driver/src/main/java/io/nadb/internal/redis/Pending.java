package io.nadb.internal.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

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

  /** Whether it has been sent; this and the next for {@link SeparateAttempt}. */
  boolean sent;

  /** Whether it has been tried again, since a connection broke or was not to be had. */
  boolean repeated;

  Pending(Request request, int number) {
    this.request = request;
    this.number = number;
  }

  void forgetTarget() {
    target = null;
    asking = false;
  }

  /** Whether this is its answer; else it must be sent again. */
  boolean isSettledBy(@Nullable Object reply, Nodes nodes) {
    if (reply instanceof JedisNoScriptException e) {
      source = true;
      refusal = e;
      return false; // The same node again.
    }
    forgetTarget();
    if (request.hasParts() && RedisFailures.isBeingMoved(reply)) {
      return true; // Its parts are asked instead.
    }
    if (reply instanceof JedisMovedDataException e) {
      nodes.refresh();
      target = e.getTargetNode();
      refusal = e;
      return false;
    }
    if (reply instanceof JedisAskDataException e) {
      target = e.getTargetNode();
      asking = true;
      refusal = e;
      return false;
    }
    if (reply instanceof JedisDataException e && RedisFailures.isReadOnly(e) && !demoted) {
      demoted = true; // Once more, on a connection that is made now.
      refusal = e;
      return false;
    }
    if (reply instanceof JedisDataException e && RedisFailures.isBeingMoved(e)) {
      refusal = e;
      return false;
    }
    return true;
  }
}
