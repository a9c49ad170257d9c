package io.nadb.internal.redis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The connections to one server, a bounded number of them, for which callers queue: first come,
 * first served. Whoever gets one takes along what those behind him have to send.
 *
 * <p>A connection that has rested is tried before it is used, since servers and firewalls close
 * what rests, and a write that finds that out by itself would be in doubt. None is used for longer
 * than it may, since the server's name may stand for another server by now. Whoever waits here, for
 * a turn, for a connection or on one, waits until his deadline or until this is closed, and no
 * longer.
 */
final class Lines implements AutoCloseable {
  /** No server closes what has rested for less. */
  private static final long RESTED_NANOS = 500_000_000;

  private final HostAndPort server;
  private final Wiring wiring;
  private final TimeSource time;

  /** Of the connections that somebody uses or makes. */
  private final Set<Plug> used = ConcurrentHashMap.newKeySet();

  @GuardedBy("this")
  private final ArrayDeque<Line> idle = new ArrayDeque<>();

  @GuardedBy("this")
  private final ArrayDeque<Load> queue = new ArrayDeque<>();

  @GuardedBy("this")
  private int open;

  /** How often all connections have been given up. */
  private volatile int generation;

  @GuardedBy("this")
  private @Nullable String closed;

  /** Connects to nobody yet. */
  Lines(HostAndPort server, Wiring wiring, TimeSource time) {
    this.server = server;
    this.wiring = wiring;
    this.time = time;
  }

  /**
   * How connections are made.
   *
   * @param client how to connect within a number of milliseconds
   * @param password what {@code client} gives, if anything
   * @param greeting what a new connection has to stand before it is used
   * @param most how many connections there are at most
   * @param age how long one is used
   * @param figures count who waits
   */
  record Wiring(
      IntFunction<JedisClientConfig> client,
      @Nullable Secret password,
      Consumer<Line> greeting,
      int most,
      Duration age,
      ConnectionFigures figures) {}

  /** There was no turn in time. */
  static final class Busy extends JedisException {
    private static final long serialVersionUID = 1L;

    Busy() {
      super("all connections are in use");
    }
  }

  /**
   * Takes a connection, which {@link #giveBack} must be called with.
   *
   * @return null if there was none, and another thread has taken the load along, or has not brought
   *     it back in time
   * @throws JedisException if there is no connection in time
   */
  @Nullable Line take(Load load, Deadline deadline) {
    Load.Turn turn = turn(load, deadline);
    if (turn.carried()) {
      return null;
    }
    Line rested = turn.line();
    Line taken = null;
    try {
      if (rested != null && isOutdated(rested)) {
        discard(rested);
      } else if (rested != null && isUsable(rested, deadline)) {
        taken = rested;
      } else if (rested != null) {
        discard(rested);
        dropIdle(); // They have rested for as long, most likely.
      }
      if (taken == null) {
        taken = connect(deadline);
      }
      return taken;
    } finally {
      if (taken == null) {
        passOn(null);
      }
    }
  }

  /** Waits for a turn: for a connection, for the right to make one, or to be carried. */
  private Load.Turn turn(Load load, Deadline deadline) {
    synchronized (this) {
      checkOpen();
      Line line = idle.pollFirst();
      if (line != null) {
        used.add(line.plug());
        return Load.Turn.use(line);
      }
      if (open < wiring.most()) {
        open++;
        return Load.Turn.use(null);
      }
      queue.add(load);
    }
    wiring.figures().waited();
    try {
      time.await(load.turn(), deadline.left());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!leave(load)) {
        throw new JedisException("interrupted while waiting for a connection", e);
      }
      load.getLost(new JedisConnectionException(e));
    }
    if (!load.turn().isDone()) {
      if (!leave(load)) {
        throw new Busy();
      }
      return Load.Turn.LATE;
    }
    Load.Turn turn = load.turn().join();
    if (!turn.carried()) {
      synchronized (this) {
        checkOpen();
      }
    }
    return turn;
  }

  /** Waits no longer; returns whether another thread has taken the load along. */
  private boolean leave(Load load) {
    boolean waiting;
    synchronized (this) {
      waiting = queue.remove(load);
      if (load.taken) {
        return true;
      }
    }
    if (!waiting) { // Somebody has just called.
      passOn(load.turn().join().line());
    }
    return false;
  }

  /** Adds the loads of those who wait, as far as they can go with one that has a connection. */
  void takeAlong(Load carried, List<Load> loads) {
    if (!carried.isBrief()) {
      return;
    }
    long bytes = carried.bytes();
    synchronized (this) {
      Load next = queue.peek();
      while (next != null && next.isBrief() && bytes + next.bytes() <= Load.SENT_AT_ONCE) {
        next.taken = true;
        bytes += next.bytes();
        loads.add(next);
        queue.remove();
        next = queue.peek();
      }
    }
  }

  private boolean isOutdated(Line line) {
    return line.generation != generation
        || time.nanoTime() - line.madeNanos >= wiring.age().toNanos();
  }

  private boolean isUsable(Line line, Deadline deadline) {
    if (time.nanoTime() - line.restsSinceNanos < RESTED_NANOS) {
      return true;
    }
    try {
      line.setSoTimeout((deadline.leftMillis() + 1) / 2); // To leave time for another connection.
      if (line.ping()) {
        return true;
      }
    } catch (JedisDataException e) {
      return true; // It may not be asked, but it answers.
    } catch (JedisException e) {
      if (RedisFailures.isInterruption(e)) {
        discard(line);
        throw e;
      } // Else it is dead, which is what was to be found out.
    }
    return false;
  }

  private Line connect(Deadline deadline) {
    JedisClientConfig config = wiring.client().apply(deadline.leftMillis());
    Plug plug = new Plug(server, config);
    int present = generation;
    used.add(plug);
    try {
      synchronized (this) {
        checkOpen(); // From now on, whoever closes this pulls the plug.
      }
      Line line = Line.connect(plug, config, wiring.password());
      wiring.greeting().accept(line);
      deadline.restart(); // The server answers.
      line.madeNanos = time.nanoTime();
      line.generation = present;
      return line;
    } catch (RuntimeException | Error e) {
      used.remove(plug);
      plug.pull();
      throw e;
    }
  }

  /** Takes a connection back; one that broke, or has an answer to come, is not used again. */
  void giveBack(Line line, boolean usable) {
    used.remove(line.plug());
    if (!usable || line.isBroken()) {
      discard(line);
      passOn(null);
      return;
    }
    line.restsSinceNanos = time.nanoTime();
    passOn(line);
  }

  /** Gives a connection, or the right to make one, to the next who waits. */
  private void passOn(@Nullable Line line) {
    Load next;
    synchronized (this) {
      next = queue.poll();
      if (next == null) {
        if (line == null || closed != null) {
          open--;
        } else {
          idle.addFirst(line);
          return;
        }
      } else if (line != null) {
        used.add(line.plug());
      }
    }
    if (next != null) {
      next.turn().complete(Load.Turn.use(line));
    } else if (line != null) {
      discard(line);
    }
  }

  private void discard(Line line) {
    used.remove(line.plug());
    line.plug().pull();
  }

  /**
   * Gives up all connections, those in use when they come back: what the server's name leads to is
   * not what it was.
   *
   * @param witness the one that has shown it; if others have been made since, they stay
   */
  void renew(Line witness) {
    synchronized (this) {
      if (witness.generation != generation) {
        return;
      }
      generation++;
    }
    dropIdle();
  }

  /** Lets go of the connections that wait, since one of them was found dead. */
  void dropIdle() {
    ArrayDeque<Line> dropped;
    synchronized (this) {
      dropped = new ArrayDeque<>(idle);
      open -= idle.size();
      idle.clear();
    }
    dropped.forEach(this::discard);
  }

  @GuardedBy("this")
  private void checkOpen() {
    if (closed != null) {
      throw new JedisConnectionException(closed);
    }
  }

  /** Cuts all connections; whoever waits gets an error. */
  @Override
  public void close() {
    close("the store is closed");
  }

  /** Cuts all connections; whoever waits is told why. */
  void close(String why) {
    ArrayDeque<Load> waiting;
    synchronized (this) {
      closed = why;
      waiting = new ArrayDeque<>(queue);
      queue.clear();
    }
    waiting.forEach(load -> load.turn().complete(Load.Turn.use(null)));
    dropIdle();
    used.forEach(Plug::pull);
  }
}
