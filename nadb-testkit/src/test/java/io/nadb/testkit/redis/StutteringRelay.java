package io.nadb.testkit.redis;

import io.nadb.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay to a server on this machine, whose answers come in pieces. */
final class StutteringRelay implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofMillis(150);

  private final int server;
  private final ServerSocket clients;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Queue<Integer> pieces = new ConcurrentLinkedQueue<>();
  private final AtomicInteger stops = new AtomicInteger();

  StutteringRelay(int server) throws IOException {
    this.server = server;
    this.clients = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return clients.getLocalPort();
  }

  /** Has the next answers stop after so many bytes, go on for so many, and so on. */
  void stutter(Integer... lengths) {
    pieces.addAll(List.of(lengths));
  }

  /** How often an answer has stopped. */
  int stops() {
    return stops.get();
  }

  private interface Job {
    void run() throws Exception;
  }

  private static void start(Job job) {
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (Exception e) {
                // The connection has ended; whoever uses it is told.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = clients.accept();
      Socket other = new Socket(InetAddress.getLoopbackAddress(), server);
      client.setTcpNoDelay(true);
      sockets.addAll(List.of(client, other));
      start(() -> client.getInputStream().transferTo(other.getOutputStream()));
      start(() -> answer(other.getInputStream(), client.getOutputStream()));
    }
  }

  private void answer(InputStream in, OutputStream out) throws Exception {
    byte[] bytes = new byte[1 << 16];
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      int from = 0;
      while (from < count) {
        Integer most = pieces.poll();
        int to = most == null ? count : Math.min(count, from + most);
        out.write(bytes, from, to - from);
        from = to;
        if (most != null) {
          stops.incrementAndGet();
          boolean unused = TimeSource.system().await(new CompletableFuture<>(), SILENCE);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    clients.close();
    for (Socket socket : new ArrayDeque<>(sockets)) {
      socket.close();
    }
  }
}
