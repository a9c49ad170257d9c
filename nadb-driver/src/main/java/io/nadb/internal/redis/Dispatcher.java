package io.nadb.internal.redis;

import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import io.nadb.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Takes requests to the servers that have their slots, all requests for one server in one pipeline,
 * and brings the answers back.
 *
 * <p>Jedis's own executors repeat a command when a connection breaks, which for a write may mean to
 * do it twice, or after somebody else's. Here a read is repeated once, on a new connection; a write
 * is repeated only if it was not sent at all, or if the server has answered that it did not do it:
 * that it does not know the script, that another server has the slot, or that it is a replica.
 */
final class Dispatcher implements AutoCloseable {
  /** How often a request is sent on, to another server or with its script, without a pause. */
  private static final int ROUNDS_AT_ONCE = 6;

  private static final Duration INITIAL_PAUSE = Duration.ofMillis(1);
  private static final int MAX_DOUBLINGS = 6;

  private final Nodes nodes;
  private final RedisFailures failures;
  private final TimeSource time;
  private final Duration timeout;

  private final boolean waitsForReplica;
  private final Duration replicaWait;

  Dispatcher(Nodes nodes, RedisFailures failures, TimeSource time, RedisSettings settings) {
    this.nodes = nodes;
    this.failures = failures;
    this.time = time;
    this.timeout = settings.timeout();
    this.waitsForReplica = settings.replica();
    this.replicaWait = timeout.multipliedBy(3).dividedBy(4);
  }

  /** What may be done if a connection breaks. */
  enum Access {
    /** It is done again. */
    READ,
    /** Nothing, since it may have been done. */
    WRITE
  }

  /** Sends one script about one key; an answer that is an error is thrown, and names the key. */
  @Nullable Object run(Request script, byte[] key, Access access) {
    return result(askAll(List.of(script), access).get(0), key);
  }

  /** Throws a command's answer if it is an error. */
  @Nullable Object checked(@Nullable Object reply, byte[] key) {
    if (reply instanceof JedisDataException e) {
      throw RedisFailures.isWrongType(e)
          ? failures.corrupt(key, "it has another type", e)
          : failures.refused(e, null);
    }
    return reply;
  }

  /** Throws a script's answer if it is an error, or names a key that holds something else. */
  @Nullable Object result(@Nullable Object reply, byte[] key) {
    if (checked(reply, key) instanceof List<?> list
        && list.size() == 3
        && list.get(0) instanceof byte[] mark
        && mark.length == 1
        && mark[0] == '!'
        && list.get(1) instanceof byte[] name
        && list.get(2) instanceof byte[] problem) {
      throw failures.corrupt(name, Keyspace.text(problem), null);
    }
    return reply;
  }

  /**
   * Sends requests, which must not depend on each other; an answer that is an error is in the list.
   *
   * @throws NadbException if not all could be asked
   */
  List<@Nullable Object> askAll(List<Request> requests, Access access) {
    return askAll(requests, access, line -> {});
  }

  /**
   * Sends requests, as above.
   *
   * @param answered is told on which connection answers came
   */
  List<@Nullable Object> askAll(List<Request> requests, Access access, Consumer<Line> answered) {
    @Nullable Object[] replies = new @Nullable Object[requests.size()];
    List<Pending> pending = new ArrayList<>(requests.size());
    for (Request request : requests) {
      pending.add(new Pending(request, pending.size()));
    }
    Attempt attempt = new Attempt(access, replies, answered);
    checkSettled(untilAllAreSettled(pending, attempt::round));
    List<@Nullable Object> list = new ArrayList<>(replies.length);
    for (Object reply : replies) {
      list.add(reply);
    }
    return list;
  }

  /**
   * Sends requests on until each has its answer. Just after a slot was moved, its old node and its
   * new one may refer to each other until the news has gone round, which takes milliseconds; while
   * it is being moved, the keys of a script may be here and there. Both pass, mostly within the
   * time that a call has.
   *
   * @return those for which they have not
   */
  private List<Pending> untilAllAreSettled(
      List<Pending> pending, UnaryOperator<List<Pending>> round) {
    Deadline patience = new Deadline(time, timeout);
    List<Pending> left = round.apply(pending);
    for (int rounds = 1; !left.isEmpty(); rounds++) {
      if (rounds >= ROUNDS_AT_ONCE) {
        if (patience.isOver()) {
          return left;
        }
        pause(INITIAL_PAUSE.multipliedBy(1L << Math.min(rounds - ROUNDS_AT_ONCE, MAX_DOUBLINGS)));
      }
      left = round.apply(left);
    }
    return left;
  }

  private void checkSettled(List<Pending> left) {
    if (!left.isEmpty()) {
      throw unsettled(left.get(0));
    }
  }

  private void pause(Duration length) {
    try {
      time.await(new CompletableFuture<>(), length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.notConnected(
          new JedisException("interrupted while a slot is being moved", e), null, false);
    }
  }

  private NadbException unsettled(Pending pending) {
    return new NadbConnectionException(
        failures.place()
            + ": the slot "
            + pending.request.slot()
            + " is being moved to another node; the request was not carried out, try again",
        pending.refusal,
        false);
  }

  /**
   * Sends requests of which each comes to its own end, whatever becomes of the others; they must
   * not depend on each other.
   */
  void askSeparately(List<SeparateRequest> requests) {
    SeparateAttempt attempt =
        new SeparateAttempt(
            nodes,
            failures,
            requests,
            waitsForReplica ? replicaWait : null,
            () -> new Deadline(time, timeout));
    try {
      untilAllAreSettled(attempt.all(), attempt::round)
          .forEach(pending -> attempt.fail(pending, unsettled(pending)));
    } catch (NadbException e) { // Interrupted while a slot is being moved.
      attempt.failRest(e);
    }
  }

  /** Sends a command to each server; returns the answers by server. */
  Map<HostAndPort, @Nullable Object> askEach(Map<HostAndPort, Request> requests) {
    Map<HostAndPort, @Nullable Object> replies = new LinkedHashMap<>();
    requests.forEach(
        (node, request) -> {
          @Nullable Object[] reply = new @Nullable Object[1];
          List<Pending> left = List.of(new Pending(request, 0));
          Attempt attempt = new Attempt(Access.READ, reply, line -> {});
          checkSettled(untilAllAreSettled(left, pending -> attempt.exchange(node, pending)));
          if (reply[0] instanceof JedisDataException e) {
            throw failures.refused(e, node);
          }
          replies.put(node, reply[0]);
        });
    return replies;
  }

  /** The server that has a slot, as far as is known. */
  HostAndPort home(int slot) {
    try {
      return nodes.nodeOf(slot);
    } catch (JedisException e) {
      throw failures.notConnected(e, null, false);
    }
  }

  /** All servers that have slots. */
  Collection<HostAndPort> masters() {
    try {
      return nodes.masters();
    } catch (JedisException e) {
      throw failures.notConnected(e, null, false);
    }
  }

  /** Whether a script's keys have to be named, so that the server knows where they are. */
  boolean slotsMove() {
    return nodes.hasSlots();
  }

  RedisFailures failures() {
    return failures;
  }

  @Override
  public void close() {
    nodes.close();
  }

  /** What is remembered while a list of requests is dealt with. */
  private final class Attempt {
    private final Access access;
    private final @Nullable Object[] replies;
    private final Consumer<Line> answered;
    private final Deadline deadline = new Deadline(time, timeout);
    private boolean repeated;
    private boolean sent;

    Attempt(Access access, @Nullable Object[] replies, Consumer<Line> answered) {
      this.access = access;
      this.replies = replies;
      this.answered = answered;
    }

    /** Sends each request once; returns those that must be sent again. */
    List<Pending> round(List<Pending> pending) {
      if (pending.size() == 1) {
        return exchange(nodeOf(pending.get(0)), pending);
      }
      Map<HostAndPort, List<Pending>> byNode = new LinkedHashMap<>();
      for (Pending next : pending) {
        byNode.computeIfAbsent(nodeOf(next), same -> new ArrayList<>()).add(next);
      }
      List<Pending> again = new ArrayList<>();
      byNode.forEach((node, requests) -> again.addAll(exchange(node, requests)));
      return again;
    }

    private HostAndPort nodeOf(Pending pending) {
      HostAndPort target = pending.target;
      if (target != null) {
        return target;
      }
      try {
        return nodes.nodeOf(pending.request.slot());
      } catch (JedisException e) {
        throw failures.notConnected(e, null, sent && access == Access.WRITE);
      }
    }

    /** One pipeline to one server; returns what must be sent again. */
    List<Pending> exchange(HostAndPort node, List<Pending> requests) {
      Load load = new Load(requests, waits() ? replicaWait : null);
      Lines lines;
      Line line;
      try {
        lines = nodes.lines(node);
        line = lines.take(load, deadline);
      } catch (JedisException e) {
        nodes.refresh();
        boolean inDoubt = sent && access == Access.WRITE;
        NadbException failure = failures.notConnected(e, node, inDoubt);
        if (!nodes.canMove()
            || !(failure instanceof NadbConnectionException)
            || !mayRepeat(!inDoubt)) {
          throw failure;
        }
        requests.forEach(Pending::forgetTarget);
        return requests;
      }
      try {
        sent = true;
        if (line != null) {
          Carrier.carry(lines, line, load, deadline);
        } else {
          load.checkArrived();
          deadline.restart();
        }
      } catch (JedisConnectionException e) {
        nodes.refresh();
        NadbException failure = failures.lost(e, node, deadline.isOver(), access == Access.WRITE);
        boolean harmless = access == Access.READ && !RedisFailures.isInterruption(e);
        if (!(failure instanceof NadbConnectionException) || !mayRepeat(harmless)) {
          throw failure;
        }
        requests.forEach(Pending::forgetTarget);
        return requests;
      }
      return settleAll(lines, load, requests, node);
    }

    /** Keeps what is answered; returns what must be sent again. */
    private List<Pending> settleAll(
        Lines lines, Load load, List<Pending> requests, HostAndPort node) {
      List<Pending> again = new ArrayList<>();
      boolean demoted = false;
      for (int i = 0; i < requests.size(); i++) {
        Object reply = load.answer(i);
        demoted |= RedisFailures.isReadOnly(reply);
        Pending next = requests.get(i);
        if (next.isSettledBy(reply, nodes)) {
          replies[next.number] = reply;
        } else {
          again.add(next);
        }
      }
      if (demoted) { // Whatever leads to a master by now, these connections do not.
        lines.renew(load.line());
        nodes.refresh();
      }
      answered.accept(load.line());
      if (waits() && again.size() < requests.size() && !isPositive(load.replicas())) {
        throw failures.notReplicated(load.replicas(), node);
      }
      return again;
    }

    /** Whether a replica must have what is written here. */
    private boolean waits() {
      return waitsForReplica && access == Access.WRITE;
    }

    private static boolean isPositive(@Nullable Object reply) {
      return reply instanceof Long number && number > 0;
    }

    /** Whether what nobody has done, or may be done twice, is tried once more. */
    private boolean mayRepeat(boolean harmless) {
      boolean first = !repeated;
      repeated = true;
      return first && harmless;
    }
  }
}
