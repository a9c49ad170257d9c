package io.nadb.internal.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Where a {@link Line}'s socket is to be had before the line is, so that it can be cut while it is
 * being made.
 */
final class Plug implements JedisSocketFactory {
  private final HostAndPort node;
  private final JedisClientConfig client;

  private volatile @Nullable InterruptibleSocket plain;

  /** The plain one, or what encrypts it. */
  private volatile @Nullable Socket socket;

  private volatile boolean pulled;

  Plug(HostAndPort node, JedisClientConfig client) {
    this.node = node;
    this.client = client;
  }

  /** Connects to the first address of the server's that answers. */
  @Override
  public Socket createSocket() {
    cut(); // The one on which a password was refused.
    JedisConnectionException failure = new JedisConnectionException("no socket to " + node);
    try {
      List<InetAddress> addresses = Arrays.asList(InetAddress.getAllByName(node.getHost()));
      Collections.shuffle(addresses);
      for (InetAddress address : addresses) {
        try {
          return connect(address, client.getConnectionTimeoutMillis() / addresses.size());
        } catch (IOException e) {
          failure.addSuppressed(e);
          if (RedisFailures.isInterruption(e)) {
            break;
          }
        }
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }

  private Socket connect(InetAddress address, int millis) throws IOException {
    InterruptibleSocket made = InterruptibleSocket.open();
    plain = made;
    try {
      if (pulled) {
        throw new IOException("the connection has been closed");
      }
      made.connect(new InetSocketAddress(address, node.getPort()), Math.max(1, millis));
      made.setSoTimeout(client.getSocketTimeoutMillis());
      Socket whole = client.isSsl() ? encrypted(made) : made;
      socket = whole;
      return whole;
    } catch (IOException | RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  private Socket encrypted(Socket under) throws IOException {
    SSLSocket encrypted =
        (SSLSocket)
            client.getSslSocketFactory().createSocket(under, node.getHost(), node.getPort(), true);
    encrypted.setSSLParameters(client.getSslParameters());
    encrypted.startHandshake();
    return encrypted;
  }

  /** Where it leads to. */
  HostAndPort node() {
    return node;
  }

  /** The socket of a line that is connected. */
  Socket socket() {
    return Objects.requireNonNull(socket, "connected");
  }

  /** What its bytes go over: the same, or what is under its encryption. */
  InterruptibleSocket plain() {
    return Objects.requireNonNull(plain, "connected");
  }

  /** Ends whatever waits on the line; it is of no use any more. */
  void pull() {
    pulled = true;
    cut();
  }

  private void cut() {
    InterruptibleSocket present = plain;
    if (present != null) {
      try {
        present.close();
      } catch (IOException e) {
        // It is closed all the same, and whoever used it is told by an error of his own.
      }
    }
  }
}
