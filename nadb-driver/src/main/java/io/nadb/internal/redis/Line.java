package io.nadb.internal.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/** A connection that another thread can cut, also while it is being made or hangs. */
final class Line extends Connection {
  private static final Pattern RUN = Pattern.compile("(?m)^run_id:([^\\s]+)");

  /** Since when it has not been used; this and the next two are {@link Lines}'s alone. */
  long restsSinceNanos;

  /** Since when there has been a connection. */
  long madeNanos;

  /** How often all connections had been given up before. */
  int generation;

  /** Which server it leads to, if that was asked. */
  private @Nullable String run;

  private final Plug plug;

  private Line(Plug plug, JedisClientConfig client) {
    super(plug, client);
    this.plug = plug;
  }

  /**
   * Connects, logs in, and selects the database; each step may take as long as {@code client} says.
   *
   * @param password what {@code client} gives, if anything: it is read again if it is refused
   * @throws redis.clients.jedis.exceptions.JedisException if it fails, or the plug is pulled
   */
  static Line connect(Plug plug, JedisClientConfig client, @Nullable Secret password) {
    try {
      return new Line(plug, client);
    } catch (JedisAccessControlException e) {
      if (password == null || !password.renew()) {
        throw e;
      }
      return new Line(plug, client);
    }
  }

  /** Asks the server which one it is: no other has the same, and it has another when restarted. */
  void identify() {
    sendCommand(Command.INFO, "server");
    Matcher found = RUN.matcher(Keyspace.text(Replies.bytes(getOne())));
    if (!found.find()) {
      throw new JedisException("the server's INFO tells no run_id");
    }
    run = found.group(1);
  }

  /** Which server it leads to; null if that is not known. */
  @Nullable String server() {
    return run;
  }

  Plug plug() {
    return plug;
  }

  /** Says whether waiting ends by an interruption. */
  void mindInterruptions(boolean mind) {
    plug.plain().mindInterruptions(mind);
  }

  /** Says until when what is sent must be; null: only that it goes on. */
  void sendUntil(@Nullable Deadline deadline) {
    plug.plain().sendUntil(deadline);
  }

  /** Sends what has been written so far. */
  void send() {
    flush();
  }
}
