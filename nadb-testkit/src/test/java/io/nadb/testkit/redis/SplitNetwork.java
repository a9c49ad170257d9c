package io.nadb.testkit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network to a server that can bring requests one after the other which were sent together, and
 * keep what the server tells of changes.
 */
final class SplitNetwork implements AutoCloseable {
  private final RedisServer server;
  private final ServerSocket door;
  private final AtomicReference<Pause> pause = new AtomicReference<>(new Pause("", () -> {}));
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean deaf;

  /** What is done before a command is passed on, once what was sent with it has been. */
  private record Pause(String command, Runnable action) {}

  SplitNetwork(RedisServer server) {
    this.server = server;
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  String url(String... options) {
    return "nadb:redis://127.0.0.1:" + door.getLocalPort() + "?" + String.join("&", options);
  }

  /** Does something, once, when a command has come, and what was sent before it is made. */
  void before(String command, Runnable action) {
    pause.set(new Pause("$" + command.length() + "\r\n" + command, action));
  }

  /** Lets nothing through that the server tells of changes, from now on. */
  void tellNothing() {
    deaf = true;
  }

  /** What may end by the network's being closed. */
  private interface Passing {
    void run() throws IOException, InterruptedException;
  }

  private static void start(Passing passing) {
    Thread thread =
        new Thread(
            () -> {
              try {
                passing.run();
              } catch (IOException e) {
                // One of the ends is closed.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "split-network");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = door.accept();
      Socket behind = new Socket(server.host(), server.port());
      client.setTcpNoDelay(true);
      behind.setTcpNoDelay(true);
      CountDownLatch listens = new CountDownLatch(1);
      start(() -> requests(client, behind, listens));
      start(() -> answers(behind, client, listens));
    }
  }

  private void requests(Socket client, Socket behind, CountDownLatch listens) throws IOException {
    try (client;
        behind) {
      InputStream in = client.getInputStream();
      OutputStream out = behind.getOutputStream();
      byte[] bytes = new byte[1 << 16];
      for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
        String seen = new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
        if (seen.contains("TRACKING")) {
          listens.countDown();
        }
        Pause next = Objects.requireNonNull(pause.get());
        int at = next.command.isEmpty() ? -1 : seen.indexOf(next.command);
        int from = at < 0 ? 0 : seen.lastIndexOf('*', at);
        out.write(bytes, 0, from);
        if (at >= 0 && pause.compareAndSet(next, new Pause("", () -> {}))) {
          next.action.run(); // Through a new connection, which the server looks at later.
        }
        out.write(Arrays.copyOfRange(bytes, from, n));
      }
    }
  }

  private void answers(Socket behind, Socket client, CountDownLatch listens)
      throws IOException, InterruptedException {
    try (client;
        behind) {
      InputStream in = behind.getInputStream();
      byte[] bytes = new byte[1 << 16];
      for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
        if (deaf && listens.getCount() == 0) {
          over.await();
          return;
        }
        client.getOutputStream().write(bytes, 0, n);
      }
    }
  }

  @Override
  public void close() {
    over.countDown();
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
