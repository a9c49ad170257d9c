package io.nadb.testkit.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.testkit.redis.RedisProxy.Fate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client's connection through a {@link RedisProxy}, and the one to the server behind it. */
final class ProxiedConnection {
  private static final int CHUNK = 1 << 16;

  /** A request may come in pieces: so much of the one before is looked at again. */
  private static final int CARRIED = 256;

  private final RedisProxy proxy;
  private final Socket client;
  private final Socket server;

  @GuardedBy("this")
  private boolean clientSpoke;

  private volatile boolean swallowsAnswers;
  private final CountDownLatch closed = new CountDownLatch(1);

  ProxiedConnection(RedisProxy proxy, Socket client, Socket server) throws IOException {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  void start() {
    start("nadb-redis-proxy-requests", () -> pass(this::requests));
    start("nadb-redis-proxy-answers", () -> pass(this::answers));
  }

  static void start(String name, Runnable action) {
    Thread thread = new Thread(action, name);
    thread.setDaemon(true);
    thread.start();
  }

  boolean isOpen() {
    return closed.getCount() > 0;
  }

  /** One of the two directions. */
  private interface Direction {
    void run() throws IOException, InterruptedException;
  }

  private void pass(Direction direction) {
    try {
      direction.run();
    } catch (IOException e) {
      // One of the ends, or a test, has closed it; so is the other now.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void requests() throws IOException, InterruptedException {
    InputStream in = client.getInputStream();
    OutputStream out = server.getOutputStream();
    byte[] bytes = new byte[CHUNK];
    String carried = "";
    for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
      proxy.awaitPassage(this);
      if (beginsRoundTrip()) {
        proxy.begin();
        carried = "";
      }
      String seen = carried + text(bytes, n);
      Fate fate = proxy.meet(seen);
      if (fate == Fate.LOST) {
        return;
      }
      swallowsAnswers |= fate == Fate.UNANSWERED;
      carried = seen.substring(Math.max(0, seen.length() - CARRIED));
      out.write(bytes, 0, n);
    }
  }

  private void answers() throws IOException, InterruptedException {
    InputStream in = server.getInputStream();
    OutputStream out = client.getOutputStream();
    byte[] bytes = new byte[CHUNK];
    for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
      proxy.awaitAnswer(this);
      if (endsRoundTrip()) {
        closed.await(proxy.delay().toNanos(), TimeUnit.NANOSECONDS);
      }
      if (swallowsAnswers) {
        return;
      }
      out.write(bytes, 0, n);
    }
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** A text as it is seen in what clients send. */
  static String asSent(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return text(utf8, utf8.length);
  }

  /** Notes that the client speaks; returns whether the server did before. */
  private synchronized boolean beginsRoundTrip() {
    boolean begins = !clientSpoke;
    clientSpoke = true;
    return begins;
  }

  /** Notes that the server speaks; returns whether the client did before. */
  private synchronized boolean endsRoundTrip() {
    boolean ends = clientSpoke;
    clientSpoke = false;
    return ends;
  }

  void close() {
    closed.countDown();
    close(client);
    close(server);
    proxy.forget(this);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
