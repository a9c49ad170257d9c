package io.nadb.internal.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/**
 * A socket on which whoever connects, sends or waits for what arrives does so no longer than a
 * time, and hardly longer than until his thread is interrupted: Java's own sockets mind no
 * interruption, and send for ever. What is done within a turn of having been interrupted is done.
 *
 * <p>Who is interrupted, or can't send, is left in the midst of something, so the socket is closed.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing of Socket's own is touched
final class InterruptibleSocket extends Socket {
  private static final int TURN_MILLIS = 50;

  /** Java copies what a channel is given, and keeps the room for it. */
  private static final int MAX_BYTES_AT_ONCE = 1 << 17;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Socket socket;
  private volatile int timeoutMillis;
  private volatile boolean minding = true;
  private volatile @Nullable Deadline sending;

  private InterruptibleSocket(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.key = channel.register(selector, 0);
    this.socket = channel.socket();
  }

  /** Makes one that is not connected yet. */
  static InterruptibleSocket open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_LINGER, 0); // What is cut is not sent later.
      return new InterruptibleSocket(channel, Selector.open());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Says whether waiting ends by an interruption; if not, it stays pending. */
  void mindInterruptions(boolean mind) {
    minding = mind;
  }

  /** Says until when what is sent must be; null: whenever some of it goes, there is time again. */
  void sendUntil(@Nullable Deadline deadline) {
    sending = deadline;
  }

  /** How long connecting, or a read, waits in all; 0 for ever. */
  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void connect(SocketAddress address, int millis) throws IOException {
    timeoutMillis = millis;
    boolean connected;
    try {
      connected = channel.connect(address);
      while (!connected) {
        await(SelectionKey.OP_CONNECT, millis);
        connected = channel.finishConnect();
      }
    } catch (ClosedChannelException e) {
      throw closed();
    } catch (UnsupportedAddressTypeException e) { // IPv6 on a machine that has none.
      throw new IOException("no connection can be made to " + address, e);
    }
  }

  /** Waits until the channel may be ready for something. */
  private void await(int operation, int millis) throws IOException {
    int left = millis == 0 ? Integer.MAX_VALUE : millis;
    while (true) {
      int turn = Math.min(left, TURN_MILLIS);
      boolean interrupted = Thread.interrupted(); // With it, a selector does not wait.
      try {
        if (isReady(operation, turn)) {
          return;
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      left -= millis == 0 ? 0 : turn;
      if (left <= 0) {
        throw new SocketTimeoutException("nothing for " + millis + " ms");
      }
      if (interrupted && minding) {
        close();
        throw new IOException("interrupted", new InterruptedException());
      }
    }
  }

  private boolean isReady(int operation, int millis) throws IOException {
    try {
      key.interestOps(operation);
      boolean ready = selector.select(millis) > 0;
      selector.selectedKeys().clear(); // Else what is ready again is no news.
      return ready;
    } catch (CancelledKeyException | ClosedSelectorException e) {
      throw closed();
    }
  }

  private static IOException closed() {
    return new IOException("the connection has been closed");
  }

  @Override
  public InputStream getInputStream() {
    return new Arriving();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Leaving();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      selector.close(); // Which wakes up who waits.
    }
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public boolean isInputShutdown() {
    return socket.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public String toString() {
    return socket.toString();
  }

  /** What arrives. */
  private final class Arriving extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      ByteBuffer room = ByteBuffer.wrap(bytes, from, Math.min(length, MAX_BYTES_AT_ONCE));
      try {
        int read = channel.read(room);
        while (read == 0 && length > 0) {
          await(SelectionKey.OP_READ, timeoutMillis);
          read = channel.read(room);
        }
        return read;
      } catch (ClosedChannelException e) {
        throw closed();
      }
    }

    @Override
    public void close() throws IOException {
      InterruptibleSocket.this.close();
    }
  }

  /** What is sent. */
  private final class Leaving extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
      int end = left.limit();
      try {
        while (left.position() < end) {
          left.limit(Math.min(end, left.position() + MAX_BYTES_AT_ONCE));
          if (channel.write(left) == 0) {
            awaitRoom();
          }
        }
      } catch (ClosedChannelException e) {
        throw closed();
      }
    }

    private void awaitRoom() throws IOException {
      Deadline deadline = sending;
      try {
        if (deadline != null && deadline.isOver()) {
          throw new SocketTimeoutException("not all could be sent in time");
        }
        await(SelectionKey.OP_WRITE, deadline == null ? timeoutMillis : deadline.leftMillis());
      } catch (IOException e) {
        InterruptibleSocket.this.close();
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      InterruptibleSocket.this.close();
    }
  }
}
