package io.nadb.internal.redis;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A socket whose reads end when their thread is interrupted, soon after: Java's own don't, so these
 * wait in short turns. One that is answered within a turn minds no interruption.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // nothing of Socket's own is touched
final class InterruptibleSocket extends Socket {
  private static final int TURN_MILLIS = 50;

  private final Socket socket;
  private volatile int timeoutMillis;
  private volatile boolean minding = true;

  /** Takes over a socket that is connected. */
  InterruptibleSocket(Socket socket) throws SocketException {
    this.socket = socket;
    this.timeoutMillis = socket.getSoTimeout();
  }

  /** Says whether reads end by an interruption; if not, it stays pending. */
  void mindInterruptions(boolean mind) {
    minding = mind;
  }

  /** How long a read waits in all; 0 for ever. */
  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new Turns(socket.getInputStream());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
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

  /** What arrives; whoever waits for it looks up after each turn. */
  private final class Turns extends FilterInputStream {
    private int setMillis = -1;

    Turns(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int left = timeoutMillis == 0 ? Integer.MAX_VALUE : timeoutMillis;
      while (true) {
        int turn = Math.min(left, TURN_MILLIS);
        if (turn != setMillis) {
          socket.setSoTimeout(turn);
          setMillis = turn;
        }
        try {
          return in.read(bytes, from, length);
        } catch (SocketTimeoutException e) {
          left -= timeoutMillis == 0 ? 0 : turn;
          if (left <= 0) {
            throw e;
          }
          if (minding && Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted", new InterruptedException());
          }
        }
      }
    }
  }
}
