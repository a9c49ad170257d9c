package io.nadb.testkit.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The network between a store and a real Redis server, which a test can make slow, deaf or broken.
 *
 * <pre>{@code
 * try (RedisServer redis = RedisServer.start();
 *     RedisProxy network = RedisProxy.to(redis);
 *     KeyValueStore store = NadbDriverManager.open(network.url("timeout=200ms"))) {
 *   network.holdAnswers();
 *   assertThatThrownBy(() -> store.set("k", value)).isInstanceOf(NadbTimeoutException.class);
 *   network.heal();
 * }
 * }</pre>
 *
 * <p>What the server itself may refuse is {@link RedisServer#refuseWrites}. A round trip begins
 * with what a client sends after it has been answered, or first of all. A text is looked for in
 * what clients send as they send it, so it is not found in connections with TLS; all else works
 * there too. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RedisProxy implements AutoCloseable {
  private final ServerSocket door;

  @GuardedBy("this")
  private final List<ProxiedConnection> open = new ArrayList<>();

  @GuardedBy("this")
  private final List<Plan> plans = new ArrayList<>();

  @GuardedBy("this")
  private RedisServer server;

  @GuardedBy("this")
  private Passage passage = Passage.ALL;

  @GuardedBy("this")
  private Duration delay = Duration.ZERO;

  @GuardedBy("this")
  private long roundTrips;

  @GuardedBy("this")
  private long connections;

  /** What gets through. */
  private enum Passage {
    ALL,
    /** Requests, but no answers. */
    REQUESTS,
    /** Nothing, on connections that stay open. */
    NOTHING,
    /** No connection is made. */
    NOBODY
  }

  /** What happens at the next request that has a text in it. */
  private record Plan(String text, Runnable action, Fate fate) {}

  private static final Plan NONE = new Plan("", () -> {}, Fate.ANSWERED);

  /** What becomes of a request. */
  enum Fate {
    ANSWERED,
    /** It does not reach the server. */
    LOST,
    /** It reaches the server, and its answer does not come back. */
    UNANSWERED
  }

  private RedisProxy(RedisServer server, ServerSocket door) {
    this.server = server;
    this.door = door;
  }

  /** Begins to pass on what comes to a port of its own, on 127.0.0.1. */
  public static RedisProxy to(RedisServer server) {
    Objects.requireNonNull(server, "server");
    try {
      ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      RedisProxy proxy = new RedisProxy(server, door);
      ProxiedConnection.start("nadb-redis-proxy", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no port for a proxy to " + server, e);
    }
  }

  /**
   * The URL that opens a store on the server, through this proxy, as {@link RedisServer#url} does
   * without.
   *
   * @param options further ones, for example {@code "timeout=200ms"}
   */
  public String url(String... options) {
    return server().openUrl("", UrlText.endpoint("127.0.0.1", port()), options);
  }

  /** Its port; the server's stays open for whoever goes there directly. */
  public int port() {
    return door.getLocalPort();
  }

  private synchronized RedisServer server() {
    return server;
  }

  /**
   * Makes each round trip take so much longer from now on, on the machine's clock; zero: no longer.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public synchronized void delay(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("can't delay answers by " + duration + "; use 0 or more");
    }
    delay = duration;
  }

  /** Holds back all answers from now on, while requests go on to reach the server. */
  public synchronized void holdAnswers() {
    passage = Passage.REQUESTS;
  }

  /**
   * Lets nothing through from now on, and closes nothing: as a network does that drops packets, or
   * a peer that is gone without having said so. What was sent meanwhile arrives when it heals.
   */
  public synchronized void hang() {
    passage = Passage.NOTHING;
  }

  /** Closes all connections, and each new one at once, as if no server were there. */
  public synchronized void refuse() {
    passage = Passage.NOBODY;
    cut();
  }

  /** Closes all connections that there are; new ones can be made. */
  public synchronized void cut() {
    List.copyOf(open).forEach(ProxiedConnection::close);
  }

  /** Ends all faults; what has been planned for a request and has not come is dropped too. */
  public synchronized void heal() {
    passage = Passage.ALL;
    delay = Duration.ZERO;
    plans.clear();
    notifyAll();
  }

  /**
   * Cuts the connection of the next request that has a text in it, before it reaches the server.
   *
   * @param text a key, a value, or a command such as {@code "EVALSHA"}, which all writes are
   */
  public void loseRequest(String text) {
    plan(text, () -> {}, Fate.LOST);
  }

  /**
   * Cuts the connection of the next request that has a text in it, once the server has the request
   * and before its answer comes back: whether a write was made, nobody knows.
   */
  public void loseAnswer(String text) {
    plan(text, () -> {}, Fate.UNANSWERED);
  }

  /**
   * Does something, once, when a request has come that has a text in it, and before the server has
   * it: so a test can have somebody else be faster.
   *
   * @param action runs on a thread of the proxy; it must not throw
   */
  public void onRequest(String text, Runnable action) {
    plan(text, action, Fate.ANSWERED);
  }

  private synchronized void plan(String text, Runnable action, Fate fate) {
    Objects.requireNonNull(action, "action");
    plans.add(new Plan(ProxiedConnection.asSent(text), action, fate));
  }

  /** Leads connections that are made from now on to another server, as a name or a proxy may. */
  public synchronized void leadTo(RedisServer other) {
    server = Objects.requireNonNull(other, "other");
  }

  /**
   * Makes a replica the master, and the present master a replica of it; leads new connections
   * there, and leaves those be that there are. What it does not have yet is lost.
   *
   * @param replica one of the present server, as {@link RedisServer.Builder#replicaOf} makes it
   */
  public void failOverTo(RedisServer replica) {
    RedisServer former = server();
    replica.command("REPLICAOF", "NO", "ONE");
    former.command("REPLICAOF", replica.host(), String.valueOf(replica.port()));
    leadTo(replica);
  }

  /** How many round trips there have been, on all connections. */
  public synchronized long roundTrips() {
    return roundTrips;
  }

  /** How many connections have been made. */
  public synchronized long connections() {
    return connections;
  }

  private void accept() {
    while (true) {
      try {
        Socket client = door.accept();
        try {
          admit(client);
        } catch (IOException e) {
          client.close(); // Its server is not there, and it notices.
        }
      } catch (IOException e) {
        return; // The door is closed.
      }
    }
  }

  private synchronized void admit(Socket client) throws IOException {
    if (passage == Passage.NOBODY) {
      client.close();
      return;
    }
    connections++;
    Socket behind = new Socket(server.host(), server.port());
    ProxiedConnection connection = new ProxiedConnection(this, client, behind);
    open.add(connection);
    connection.start();
  }

  /** Lets go of a connection that is closed, and those who wait on it. */
  synchronized void forget(ProxiedConnection connection) {
    open.remove(connection);
    notifyAll();
  }

  /** Counts a round trip that begins. */
  synchronized void begin() {
    roundTrips++;
  }

  /** Does what is planned for a request, and tells what is to become of it. */
  Fate meet(String request) {
    Plan plan = next(request);
    plan.action.run();
    return plan.fate;
  }

  private synchronized Plan next(String request) {
    for (Iterator<Plan> all = plans.iterator(); all.hasNext(); ) {
      Plan plan = all.next();
      if (request.contains(plan.text)) {
        all.remove();
        return plan;
      }
    }
    return NONE;
  }

  /** Waits until a request gets through. */
  synchronized void awaitPassage(ProxiedConnection connection) throws InterruptedException {
    while (passage == Passage.NOTHING && connection.isOpen()) {
      wait();
    }
  }

  /** Waits until an answer gets through. */
  synchronized void awaitAnswer(ProxiedConnection connection) throws InterruptedException {
    while ((passage == Passage.NOTHING || passage == Passage.REQUESTS) && connection.isOpen()) {
      wait();
    }
  }

  /** How much longer a round trip takes. */
  synchronized Duration delay() {
    return delay;
  }

  /** Closes its port and all connections; the server goes on. */
  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException("can't close " + this, e);
    }
    cut();
  }

  @Override
  public String toString() {
    return "proxy at " + UrlText.endpoint("127.0.0.1", port()) + " to " + server();
  }
}
