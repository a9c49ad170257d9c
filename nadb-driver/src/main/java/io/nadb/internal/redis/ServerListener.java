package io.nadb.internal.redis;

import io.nadb.TimeSource;
import io.nadb.internal.redis.Tracking.Wiring;
import io.nadb.internal.report.Logbook;
import io.nadb.spi.Commit;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The thread that listens to one server for {@link Tracking}, and connects anew when it has to.
 *
 * <p>A {@link Subscription} asks the server for a sign of life ten times a second. The server
 * answers on the connection on which it tells of changes, behind all that it has told so far; but a
 * change that it makes in the same round of its event loop it may tell behind the answer. So an
 * answer proves that all changes have been heard of that were made before the question <em>before
 * the last</em> was sent. Between the two it was looked whether the server still is the one that
 * others are led to.
 *
 * <p>It ends when the connection breaks, is silent, or leads to another server than the others do.
 */
final class ServerListener {
  private static final Logbook LOG = Logbook.of(ServerListener.class);
  private static final String THREAD = "nadb-redis-near";

  /** What is waited for before the first try to connect anew, and, doubled each time, at most. */
  private static final long MIN_PAUSE_NANOS = 200_000_000;

  private static final long MAX_PAUSE_NANOS = 5_000_000_000L;

  /** Who has listened for so long begins with the shortest pause again. */
  private static final long STEADY_NANOS = 10_000_000_000L;

  private final Tracking tracking;
  private final Connector connector;
  private final Nodes nodes;
  private final Keyspace keyspace;

  /** The node of a cluster; null if there is one server, whatever it is called by now. */
  private final @Nullable HostAndPort member;

  private final NearCache cache;
  private final RedisFailures failures;
  private final TimeSource time;
  private final Duration connectionAge;
  private final Thread thread = new Thread(null, this::run, THREAD, 0, false);

  // The next two are written under tracking's monitor.
  private volatile @Nullable Subscription subscription;
  private volatile long provedNanos;

  /** The server that the newest connection leads to. */
  private volatile @Nullable String latest;

  private volatile @Nullable String failure;
  private volatile TimeSource.@Nullable Alarm pause;

  private volatile @Nullable MasterCheck check;

  // Of the thread alone, once it runs.
  private long lookedNanos;
  private long pauseNanos = MIN_PAUSE_NANOS / 2;

  ServerListener(
      Tracking tracking,
      Wiring wiring,
      @Nullable HostAndPort member,
      NearCache cache,
      RedisFailures failures,
      TimeSource time,
      Duration connectionAge) {
    this.tracking = tracking;
    this.connector = wiring.connector();
    this.nodes = wiring.nodes();
    this.keyspace = wiring.keyspace();
    this.member = member;
    this.cache = cache;
    this.failures = failures;
    this.time = time;
    this.connectionAge = connectionAge;
    thread.setDaemon(true);
  }

  /** Whether connections to a node concern it. */
  boolean isOf(HostAndPort node) {
    return member == null || member.equals(node);
  }

  private HostAndPort node() {
    return member == null ? nodes.nodeOf(0) : member;
  }

  /** Is told which server a new connection leads to. */
  void met(String server) {
    latest = server;
    Subscription present = subscription;
    if (present != null && !present.server().equals(server)) {
      tracking.end(this, present);
      present.close(); // Then the thread finds another one.
    }
  }

  /** The server that was met last; null if none was. */
  @Nullable String latest() {
    return latest;
  }

  /** What it listens to; null if to nothing. */
  @Nullable Subscription subscription() {
    return subscription;
  }

  /** Up to when, on the monotonic clock, it has heard of all changes; if it listens. */
  long provedNanos() {
    return provedNanos;
  }

  /** Why it does not listen; null if it does, or has only begun to try. */
  @Nullable String failure() {
    return failure;
  }

  void began(Subscription begun, long nanos) {
    subscription = begun;
    provedNanos = nanos;
    failure = null;
  }

  /** Notes a proof, unless it comes from a former subscription. */
  boolean proved(Subscription proving, long nanos) {
    if (subscription == proving) {
      provedNanos = nanos;
      return true;
    }
    return false;
  }

  /** Notes an end, unless it has been noted. */
  boolean ended(Subscription ending) {
    if (subscription == ending) {
      subscription = null;
      return true;
    }
    return false;
  }

  /**
   * Connects, and has the server tell from now on.
   *
   * @throws JedisException if that fails, or is not allowed
   */
  void subscribe() {
    HostAndPort node = node();
    MasterCheck checking = member == null ? null : MasterCheck.begin(connector, node);
    Subscription next = null;
    try {
      next = Subscription.open(connector, node, keyspace.start(), time);
      tracking.begin(this, next);
    } catch (JedisException e) {
      if (next != null) {
        next.close();
      }
      if (checking != null) {
        checking.close();
      }
      throw e;
    }
    leaveCheck();
    check = checking;
    lookedNanos = time.nanoTime();
  }

  private void leaveCheck() {
    MasterCheck present = check;
    if (present != null) {
      present.close();
      check = null;
    }
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!tracking.isClosed()) {
      long since = time.nanoTime();
      Subscription heard = subscription;
      try {
        if (heard == null) {
          subscribe();
          heard = subscription;
        }
        if (heard != null) {
          listen(heard);
        }
      } catch (RuntimeException | Error e) {
        tell(e, heard);
      }
      if (member != null && !isMember(member)) {
        tracking.dismiss(this);
        return;
      }
      boolean steady = time.nanoTime() - since >= STEADY_NANOS;
      pauseNanos = steady ? MIN_PAUSE_NANOS : Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
      rest();
    }
  }

  private void listen(Subscription heard) {
    try (heard) {
      while (!tracking.isClosed()) {
        hear(heard, heard.next(() -> look(heard)));
      }
    } finally {
      tracking.end(this, heard);
      cache.clear();
      leaveCheck();
    }
  }

  private void hear(Subscription heard, Subscription.News news) {
    if (news instanceof Subscription.Sign sign) {
      tracking.prove(this, heard, sign.heardUpToNanos());
    } else if (news instanceof Subscription.Changes changes) {
      changes.names().forEach(this::forget);
      tracking.heard(changes.names().size());
    } else {
      cache.clear();
      tracking.heard(1);
    }
  }

  private void forget(byte[] name) {
    Commit.Name entry = keyspace.entryOf(name);
    if (entry != null) {
      cache.forget(entry.namespace(), entry.key());
    }
  }

  /**
   * Whether those who read, if they connected now, would come to this server. While all is answered
   * from the cache, nobody else would find out.
   */
  private void look(Subscription heard) {
    MasterCheck present = check;
    if (present != null) {
      present.run();
    } else {
      HostAndPort node = nodes.nodeOf(0);
      if (!node.equals(heard.node())) {
        throw new JedisConnectionException("the master is " + node + " now");
      }
    }
    if (time.nanoTime() - lookedNanos >= connectionAge.toNanos()) {
      lookedNanos = time.nanoTime();
      try {
        connector.connect(heard.node()).close(); // Which has this told whom it met.
      } catch (JedisException e) {
        // Who wants something of the server says so.
      }
    }
  }

  /** Whether a node has slots still, as far as is known; listens to all others that have. */
  private boolean isMember(HostAndPort node) {
    if (tracking.isClosed()) {
      return true;
    }
    try {
      nodes.refresh();
      Collection<HostAndPort> masters = nodes.masters();
      tracking.listenTo(masters);
      return masters.contains(node);
    } catch (JedisException e) {
      return true; // Nobody tells.
    }
  }

  private void tell(Throwable e, @Nullable Subscription heard) {
    if (tracking.isClosed()) {
      return;
    }
    String message =
        !(e instanceof JedisException lost)
            ? e.toString()
            : String.valueOf(
                (heard == null
                        ? failures.notConnected(lost, member, false)
                        : failures.lost(lost, heard.node(), false, false))
                    .getMessage());
    if (failure == null) {
      LOG.log(
          Level.WARNING,
          "nothing is read from near until the server tells of changes again: " + message,
          (Throwable) null);
    }
    failure = message;
  }

  private void rest() {
    try (TimeSource.Alarm alarm = time.newAlarm(THREAD)) {
      pause = alarm;
      if (!tracking.isClosed()) {
        alarm.awaitUntil(time.nanoTime() + pauseNanos);
      }
    } catch (InterruptedException e) {
      tracking.close(); // Nobody knows of this thread; whoever stops it wants an end.
    } finally {
      pause = null;
    }
  }

  /** Has the thread end; tracking is closed. */
  void stop() {
    Subscription present = subscription;
    if (present != null) {
      present.close();
    }
    MasterCheck checking = check;
    if (checking != null) {
      checking.close();
    }
    TimeSource.Alarm alarm = pause;
    if (alarm != null) {
      alarm.ring();
    }
  }

  /** Waits for the thread to end, if it has begun. */
  void join() {
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It ends without anybody waiting for it.
    }
  }
}
