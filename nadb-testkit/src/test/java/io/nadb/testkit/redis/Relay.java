package io.nadb.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a client and a server: counts round trips, and cuts connections where a test wants
 * it.
 *
 * <p>A round trip begins with what the client sends after the server has answered, or first of all.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket door;
  private volatile int target;

  @GuardedBy("this")
  private final List<Socket> sockets = new ArrayList<>();

  @GuardedBy("this")
  private long roundTrips;

  @GuardedBy("this")
  private long connections;

  @GuardedBy("this")
  private Cut cut = Cut.NEVER;

  @GuardedBy("this")
  private String trigger = "";

  @GuardedBy("this")
  private Runnable before = () -> {};

  @GuardedBy("this")
  private String awaited = "";

  @GuardedBy("this")
  private int missing;

  /** Where a connection is cut, once. */
  enum Cut {
    /** Nowhere. */
    NEVER,
    /** The request does not reach the server. */
    BEFORE_THE_SERVER,
    /** The request reaches the server, the answer does not reach the client. */
    BEFORE_THE_ANSWER
  }

  private Relay(int target, ServerSocket door) {
    this.target = target;
    this.door = door;
  }

  static Relay to(int port) {
    try {
      Relay relay = new Relay(port, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      start("relay", relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leads those who connect from now on to another server, as a name or a proxy may. */
  void leadTo(int port) {
    target = port;
  }

  int port() {
    return door.getLocalPort();
  }

  synchronized long roundTrips() {
    return roundTrips;
  }

  synchronized long connections() {
    return connections;
  }

  /** Cuts the connection of the next request that has a text in it. */
  synchronized void cutNext(Cut where, String text) {
    cut = where;
    trigger = text;
  }

  /** Does something before the next request is passed on that has a text in it. */
  synchronized void beforeNext(String text, Runnable action) {
    trigger = text;
    before = action;
  }

  /**
   * Holds back all answers until the requests so far have had a text in them a number of times: a
   * client that waits for one before it has sent the rest waits in vain. So a pipeline is one round
   * trip, however early the server begins to answer it.
   */
  synchronized void holdAnswersUntil(String text, int times) {
    awaited = text;
    missing = times;
  }

  /** Counts what is awaited in a request, from where the one before may have broken off. */
  private synchronized void count(String text) {
    if (missing > 0) {
      for (int at = text.indexOf(awaited); at >= 0; at = text.indexOf(awaited, at + 1)) {
        missing--;
      }
      notifyAll();
    }
  }

  private synchronized int lengthAwaited() {
    return awaited.length();
  }

  private synchronized void awaitRequests() throws IOException {
    try {
      while (missing > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  private void act(String text, boolean request) {
    Runnable action = () -> {};
    synchronized (this) {
      if (request && text.contains(trigger)) {
        action = before;
        before = () -> {};
      }
    }
    action.run();
  }

  /** Cuts all connections that there are. */
  synchronized void cutAll() {
    sockets.forEach(Relay::close);
    sockets.clear();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Pair pair = new Pair(client, server);
        synchronized (this) {
          connections++;
          sockets.add(client);
          sockets.add(server);
        }
        start("relay-there", () -> pump(pair, client, server, true));
        start("relay-back", () -> pump(pair, server, client, false));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void start(String name, Runnable action) {
    Thread thread = new Thread(action, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** A connection's two ends, and who spoke last. */
  private static final class Pair {
    private final Socket client;
    private final Socket server;
    private boolean clientSpoke;
    private boolean swallowsAnswer;

    Pair(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void close() {
      Relay.close(client);
      Relay.close(server);
    }
  }

  private void pump(Pair pair, Socket from, Socket to, boolean request) {
    byte[] bytes = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      String rest = "";
      for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
        String text = new String(bytes, 0, n, UTF_8);
        if (!request) {
          awaitRequests();
        }
        act(text, request);
        if (!passes(pair, text, request)) {
          break;
        }
        if (request) {
          count(rest + text);
          rest = end(rest + text, lengthAwaited() - 1);
        }
        out.write(bytes, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // The other end, or a test, has closed it.
    }
    pair.close();
  }

  private static String end(String text, int length) {
    return text.substring(Math.max(0, text.length() - Math.max(0, length)));
  }

  private synchronized boolean passes(Pair pair, String text, boolean request) {
    if (!request) {
      pair.clientSpoke = false;
      return !pair.swallowsAnswer;
    }
    if (!pair.clientSpoke) {
      pair.clientSpoke = true;
      roundTrips++;
    }
    if (cut == Cut.NEVER || !text.contains(trigger)) {
      return true;
    }
    Cut where = cut;
    cut = Cut.NEVER;
    pair.swallowsAnswer = true;
    return where == Cut.BEFORE_THE_ANSWER;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }
}
