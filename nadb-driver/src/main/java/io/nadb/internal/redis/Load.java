package io.nadb.internal.redis;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What a thread has for a server: requests that go out in one go, and the answers to them. Where
 * there are more threads than connections, one thread sends the loads of several: the first of
 * those that wait gets the connection, and takes along who waits behind it.
 */
final class Load {
  /** So much finds room in the buffers of an idle connection: to send it takes no time. */
  static final long SENT_AT_ONCE = 8 << 10;

  private final List<Pending> requests;

  /** As they are now: another thread may still be at it when its own has given up. */
  private final boolean[] asking;

  private final @Nullable Duration replicaWait;
  private final long bytes;
  private final List<@Nullable Object> answers = new ArrayList<>();
  private final CompletableFuture<Turn> turn = new CompletableFuture<>();
  private @Nullable Line line;

  /** Whether another thread sends it; {@link Lines} guards it. */
  boolean taken;

  /**
   * Begins with no answer.
   *
   * @param replicaWait how long a replica is waited for that has what is written here; null if that
   *     is not wanted
   */
  Load(List<Pending> requests, @Nullable Duration replicaWait) {
    this.requests = requests;
    this.replicaWait = replicaWait;
    this.asking = new boolean[requests.size()];
    long sum = 0;
    for (int i = 0; i < asking.length; i++) {
      asking[i] = requests.get(i).asking;
      sum += requests.get(i).request.bytes();
    }
    this.bytes = sum;
  }

  /**
   * How waiting ends.
   *
   * @param line a connection; null if one is to be made, or if nothing is left to do
   * @param carried whether another thread has sent this load
   * @param failure what happened to it there; null if it was answered
   */
  record Turn(@Nullable Line line, boolean carried, @Nullable JedisConnectionException failure) {
    /** Another thread has the load, and is not back. */
    static final Turn LATE = new Turn(null, true, null);

    /** Whoever waits is to use a connection, or, without one, make it. */
    static Turn use(@Nullable Line line) {
      return new Turn(line, false, null);
    }
  }

  CompletableFuture<Turn> turn() {
    return turn;
  }

  long bytes() {
    return bytes;
  }

  /** Whether others may wait for its answers, and it for theirs: they come soon. */
  boolean isBrief() {
    return bytes <= SENT_AT_ONCE && replicaWait == null;
  }

  /** The connection that it went over. */
  Line line() {
    Line used = line;
    if (used == null) {
      throw new IllegalStateException("it has not been sent");
    }
    return used;
  }

  /** Writes the requests to a connection's buffer. */
  void write(Line to) {
    line = to;
    for (int i = 0; i < asking.length; i++) {
      if (asking[i]) {
        to.sendCommand(Command.ASKING);
      }
      Pending next = requests.get(i);
      next.request.send(to, next.source, asking[i]);
    }
    if (replicaWait != null) {
      to.sendCommand(Command.WAIT, "1", Long.toString(Math.max(1, replicaWait.toMillis())));
    }
  }

  /** Takes all answers from the connection. */
  void receive(Deadline deadline) {
    for (boolean asked : asking) {
      if (asked) {
        receiveOne(deadline); // The answer to ASKING.
      }
      answers.add(receiveOne(deadline));
    }
    if (replicaWait != null) {
      answers.add(receiveOne(deadline));
    }
  }

  private @Nullable Object receiveOne(Deadline deadline) {
    line().setSoTimeout(deadline.leftMillis());
    try {
      Object answer = line().getOne();
      deadline.restart();
      return answer;
    } catch (JedisDataException e) {
      deadline.restart();
      return e;
    }
  }

  /** The answer to a request, by its place. */
  @Nullable Object answer(int place) {
    return answers.get(place);
  }

  /** How many requests are answered, from the first on; none if another thread is still at it. */
  int answered() {
    return taken && !turn.isDone() ? 0 : Math.min(answers.size(), requests.size());
  }

  /** Whether there is nothing more to come. */
  boolean isComplete() {
    return answers.size() == requests.size() + (replicaWait == null ? 0 : 1);
  }

  /** How many replicas have what was written, or what the server says instead. */
  @Nullable Object replicas() {
    return replicaWait == null ? null : answers.get(requests.size());
  }

  /**
   * Makes sure that another thread has this load answered.
   *
   * @throws JedisConnectionException if it got lost on the way, or is not back in time
   */
  void checkArrived() {
    if (!turn.isDone()) {
      throw new JedisConnectionException(new SocketTimeoutException("no answer in time"));
    }
    JedisConnectionException failure = turn.join().failure();
    if (failure != null) {
      throw new JedisConnectionException(failure);
    }
  }

  /** Tells the thread whose load this is that another one has it answered. */
  void arrive() {
    turn.complete(new Turn(null, true, null));
  }

  /** Tells the thread whose load this is that it got lost. */
  void getLost(JedisConnectionException failure) {
    turn.complete(new Turn(null, true, failure));
  }
}
