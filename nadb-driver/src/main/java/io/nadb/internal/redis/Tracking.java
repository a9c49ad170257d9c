package io.nadb.internal.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Has the servers tell which keys change, and takes them out of a {@link NearCache}; knows up to
 * which moment all changes have been heard of.
 *
 * <p>Each server has a {@link ServerListener}: one server has one, a cluster one for each master.
 * What is kept holds as long as all of them have heard of everything. When one no longer hears,
 * nothing that is kept holds any more, from that moment on; all of it goes, and nothing is kept
 * until there is one for each server again.
 */
final class Tracking implements AutoCloseable {
  /** What is older than this may have changed without this having been heard. */
  static final Duration BOUND = Duration.ofSeconds(1);

  private static final long BOUND_NANOS = BOUND.toNanos();

  private final NearCache cache;
  private final RedisFailures failures;
  private final TimeSource time;
  private final Duration connectionAge;
  private final boolean cluster;
  private final LongAdder invalidations = new LongAdder();

  @GuardedBy("this")
  private final List<ServerListener> listeners = new ArrayList<>();

  /** Up to when what is kept may be answered; in the past if nothing may. */
  private volatile long freshUntil;

  /** Those that are listened to. */
  private volatile Set<String> servers = Set.of();

  private volatile @Nullable Wiring wiring;
  private volatile long losses;
  private volatile boolean closed;

  /** What leads to the servers, and what their keys are called. */
  record Wiring(Connector connector, Nodes nodes, Keyspace keyspace) {}

  Tracking(NearCache cache, RedisFailures failures, TimeSource time, RedisSettings settings) {
    this.cache = cache;
    this.failures = failures;
    this.time = time;
    this.connectionAge = settings.connectionAge();
    this.cluster = settings.cluster();
    this.freshUntil = time.nanoTime() - 1;
  }

  /**
   * Connects, and begins to listen.
   *
   * @throws NadbException if that fails, or is not allowed
   */
  void start(Connector connector, Nodes nodes, Keyspace keyspace) {
    Wiring made = new Wiring(connector, nodes, keyspace);
    List<ServerListener> first = new ArrayList<>();
    for (HostAndPort node : cluster ? nodes.masters() : List.of(nodes.nodeOf(0))) {
      first.add(listener(made, node));
    }
    synchronized (this) {
      listeners.addAll(first);
    }
    try {
      for (ServerListener listener : first) {
        listener.subscribe();
      }
    } catch (JedisException e) {
      close();
      NadbException refusal = failures.notConnected(e, null, false);
      throw new NadbException(
          refusal.getMessage()
              + "\nThe option near needs it, and what docs/redis.md lists under 'Near cache'",
          refusal);
    }
    wiring = made;
    first.forEach(ServerListener::start);
  }

  private ServerListener listener(Wiring made, HostAndPort node) {
    return new ServerListener(
        this, made, cluster ? node : null, cache, failures, time, connectionAge);
  }

  /**
   * Up to when, on the monotonic clock, what is in the cache now may be answered. It is to be asked
   * before the cache is, and the time after.
   */
  long freshUntil() {
    return freshUntil;
  }

  /** Whether what a server says now can be kept, since its changes are heard of. */
  boolean listensTo(@Nullable String server) {
    return server != null && servers.contains(server);
  }

  /**
   * Whether a key that is not there may be kept for long. On a cluster it may be made on a server
   * that nobody listens to yet, to which its slot has moved; one that is there would be told of
   * when it moves.
   */
  boolean hearsOfNewKeys() {
    return !cluster;
  }

  /**
   * Is told of every server that a new connection leads to: if it is another one than is listened
   * to, nothing that was kept counts; if it is a new one of a cluster, it is listened to.
   */
  void met(HostAndPort node, String server) {
    ServerListener known = listenerOf(node);
    if (known != null) {
      known.met(server);
    } else if (cluster) {
      listenTo(List.of(node));
    }
  }

  private synchronized @Nullable ServerListener listenerOf(HostAndPort node) {
    for (ServerListener listener : listeners) {
      if (listener.isOf(node)) {
        return listener;
      }
    }
    return null;
  }

  /** Listens to these nodes of a cluster, too. */
  void listenTo(Collection<HostAndPort> nodes) {
    Wiring made = wiring;
    if (made == null) {
      return; // It is about to ask which there are.
    }
    for (HostAndPort node : nodes) {
      ServerListener added = null;
      synchronized (this) {
        if (!closed && listenerOf(node) == null) {
          added = listener(made, node);
          listeners.add(added);
          count();
        }
      }
      if (added != null) {
        added.start();
      }
    }
  }

  /** What a listener hears from now on counts. */
  synchronized void begin(ServerListener listener, Subscription subscription) {
    if (closed || !subscription.server().equals(listener.latest())) {
      throw new JedisConnectionException("others are led to another server just now");
    }
    cache.clear(); // The places too that were taken while nobody listened.
    listener.began(subscription, time.nanoTime());
    count();
  }

  /** All that a server changed before a moment has been heard of. */
  synchronized void prove(ServerListener listener, Subscription subscription, long nanos) {
    if (listener.proved(subscription, nanos)) {
      count();
    }
  }

  /** From now on nothing that was kept is answered. */
  synchronized void end(ServerListener listener, Subscription subscription) {
    if (listener.ended(subscription)) {
      losses++;
      count();
    }
  }

  /** Forgets a listener whose server has nothing any more. */
  synchronized void dismiss(ServerListener listener) {
    listeners.remove(listener);
    count();
  }

  @GuardedBy("this")
  private void count() {
    long now = time.nanoTime();
    long fresh = now + BOUND_NANOS;
    Set<String> heard = new HashSet<>();
    for (ServerListener listener : listeners) {
      Subscription subscription = listener.subscription();
      if (subscription != null) {
        heard.add(subscription.server());
      }
      long until = subscription == null ? now - 1 : listener.provedNanos() + BOUND_NANOS;
      if (until - fresh < 0) {
        fresh = until;
      }
    }
    servers = heard;
    freshUntil = fresh;
  }

  /** Counts changes that a server has told of. */
  void heard(int changes) {
    invalidations.add(changes);
  }

  /** How many times servers have told of a change. */
  long invalidations() {
    return invalidations.sum();
  }

  /** How many times nobody listened to a server any more. */
  long losses() {
    return losses;
  }

  /** Why somebody is not listened to now; null if all are. */
  synchronized @Nullable String failure() {
    for (ServerListener listener : listeners) {
      String failure = listener.failure();
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  /** How old what is answered may be, at most; zero if nothing is. */
  Duration lag() {
    long now = time.nanoTime();
    long left = freshUntil - now;
    return left < 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, BOUND_NANOS - left));
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends the threads, and waits for them: as long as connecting may take, if one is at that. */
  @Override
  public void close() {
    List<ServerListener> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(listeners);
    }
    all.forEach(ServerListener::stop);
    all.forEach(ServerListener::join);
  }
}
