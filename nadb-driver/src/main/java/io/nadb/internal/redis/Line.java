package io.nadb.internal.redis;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
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

  /** Where a line's socket is to be had before the line is. */
  static final class Plug implements JedisSocketFactory {
    private final HostAndPort node;
    private final JedisSocketFactory sockets;
    private volatile @Nullable InterruptibleSocket socket;
    private volatile boolean pulled;

    Plug(HostAndPort server, JedisClientConfig client) {
      this.node = server;
      this.sockets = new DefaultJedisSocketFactory(server, client);
    }

    @Override
    public Socket createSocket() {
      Socket plain = sockets.createSocket();
      InterruptibleSocket created;
      try {
        created = new InterruptibleSocket(plain);
      } catch (SocketException e) {
        throw new JedisConnectionException(e);
      }
      socket = created;
      if (pulled) {
        pull();
      }
      return created;
    }

    /** Where it leads to. */
    HostAndPort node() {
      return node;
    }

    /** The socket of a line that is connected. */
    InterruptibleSocket socket() {
      return Objects.requireNonNull(socket, "connected");
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

  /** Says whether waiting for an answer ends by an interruption. */
  void mindInterruptions(boolean mind) {
    plug.socket().mindInterruptions(mind);
  }

  /** Sends what has been written so far. */
  void send() {
    flush();
  }
}
