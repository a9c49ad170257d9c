package io.nadb.internal.redis;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisAccessControlException;

/** A connection that another thread can cut, also while it is being made or hangs. */
final class Line extends Connection {

  /** Since when it has not been used; this and the next two are {@link Lines}'s alone. */
  long restsSinceNanos;

  /** Since when there has been a connection. */
  long madeNanos;

  /** How often all connections had been given up before. */
  int generation;

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

  /** Where a line's socket is to be had before the line is. */
  static final class Plug implements JedisSocketFactory {
    private final JedisSocketFactory sockets;
    private volatile @Nullable Socket socket;
    private volatile boolean pulled;

    Plug(HostAndPort server, JedisClientConfig client) {
      this.sockets = new DefaultJedisSocketFactory(server, client);
    }

    @Override
    public Socket createSocket() {
      Socket created = sockets.createSocket();
      socket = created;
      if (pulled) {
        pull();
      }
      return created;
    }

    /** Ends whatever waits on the line; it is of no use any more. */
    void pull() {
      pulled = true;
      Socket present = socket;
      if (present != null) {
        try {
          present.close();
        } catch (IOException e) {
          // It is closed all the same, and whoever used it is told by an error of his own.
        }
      }
    }
  }

  Plug plug() {
    return plug;
  }

  /** Sends what has been written so far. */
  void send() {
    flush();
  }
}
