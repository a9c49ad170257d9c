package io.nadb.internal.redis;

import io.nadb.NadbConnectionException;
import io.nadb.NadbException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Brings requests of different callers to the servers, in one pipeline to each, and lets each come
 * to its own end: when a connection breaks, those that were answered are; of the others, reads are
 * asked again, once, and writes that were sent are in doubt.
 */
final class SeparateAttempt {
  private final Nodes nodes;
  private final RedisFailures failures;
  private final List<SeparateRequest> requests;
  private final @Nullable Duration replicaWait;
  private final Supplier<Deadline> deadlines;

  /**
   * Sends nothing yet.
   *
   * @param replicaWait how long a replica is waited for that has what is written; null if none is
   * @param deadlines begin when they are made
   */
  SeparateAttempt(
      Nodes nodes,
      RedisFailures failures,
      List<SeparateRequest> requests,
      @Nullable Duration replicaWait,
      Supplier<Deadline> deadlines) {
    this.nodes = nodes;
    this.failures = failures;
    this.requests = requests;
    this.replicaWait = replicaWait;
    this.deadlines = deadlines;
  }

  /** All of them, to be sent. */
  List<Pending> all() {
    List<Pending> all = new ArrayList<>(requests.size());
    for (SeparateRequest each : requests) {
      all.add(new Pending(each.request, all.size()));
    }
    return all;
  }

  void fail(Pending pending, NadbException failure) {
    requests.get(pending.number).fail(failure);
  }

  /** Fails those that have not come to an end. */
  void failRest(NadbException failure) {
    for (SeparateRequest each : requests) {
      if (!each.hasEnded()) {
        each.fail(failure);
      }
    }
  }

  /** Sends each request once; returns those that must be sent again. */
  List<Pending> round(List<Pending> pending) {
    Map<HostAndPort, List<Pending>> byNode = new LinkedHashMap<>();
    for (Pending next : pending) {
      HostAndPort target = next.target;
      try {
        target = target == null ? nodes.nodeOf(next.request.slot()) : target;
      } catch (JedisException e) {
        fail(next, failures.notConnected(e, null, next.sent && writes(next)));
        continue;
      }
      byNode.computeIfAbsent(target, same -> new ArrayList<>()).add(next);
    }
    List<Pending> again = new ArrayList<>();
    byNode.forEach((node, some) -> again.addAll(exchange(node, some)));
    return again;
  }

  private boolean writes(Pending pending) {
    return requests.get(pending.number).writes;
  }

  /** One pipeline to one server; returns what must be sent again. */
  private List<Pending> exchange(HostAndPort node, List<Pending> some) {
    Deadline deadline = deadlines.get();
    Load load = new Load(some, some.stream().anyMatch(this::writes) ? replicaWait : null);
    Lines lines;
    Line line;
    try {
      lines = nodes.lines(node);
      line = lines.take(load, deadline);
    } catch (JedisException e) {
      nodes.refresh();
      return notSent(some, e, node);
    }
    try {
      some.forEach(pending -> pending.sent = true);
      if (line != null) {
        Carrier.carry(lines, line, load, deadline);
      } else {
        load.checkArrived();
      }
    } catch (JedisConnectionException e) {
      nodes.refresh();
      int answered = load.answered();
      List<Pending> again =
          answered == 0 ? new ArrayList<>() : settle(lines, load, some.subList(0, answered), node);
      for (Pending lost : some.subList(answered, some.size())) {
        NadbException failure = failures.lost(e, node, deadline.isOver(), writes(lost));
        boolean harmless = !writes(lost) && !RedisFailures.isInterruption(e);
        repeatOrFail(lost, failure, harmless, again);
      }
      return again;
    }
    return settle(lines, load, some, node);
  }

  private List<Pending> notSent(List<Pending> some, JedisException e, HostAndPort node) {
    List<Pending> again = new ArrayList<>();
    for (Pending next : some) {
      boolean inDoubt = next.sent && writes(next);
      NadbException failure = failures.notConnected(e, node, inDoubt);
      repeatOrFail(next, failure, nodes.canMove() && !inDoubt, again);
    }
    return again;
  }

  /** What nobody has done, or may be done twice, is tried once more. */
  private void repeatOrFail(
      Pending pending, NadbException failure, boolean harmless, List<Pending> again) {
    if (harmless && failure instanceof NadbConnectionException && !pending.repeated) {
      pending.repeated = true;
      pending.forgetTarget();
      again.add(pending);
    } else {
      fail(pending, failure);
    }
  }

  /** Keeps what is answered; returns what must be sent again. */
  private List<Pending> settle(Lines lines, Load load, List<Pending> some, HostAndPort node) {
    List<Pending> again = new ArrayList<>();
    boolean demoted = false;
    boolean missed =
        replicaWait != null
            && load.isComplete()
            && !(load.replicas() instanceof Long number && number > 0);
    for (int i = 0; i < some.size(); i++) {
      Object reply = load.answer(i);
      demoted |= RedisFailures.isReadOnly(reply);
      Pending next = some.get(i);
      if (!next.isSettledBy(reply, nodes)) {
        again.add(next);
      } else if (writes(next) && replicaWait != null && !load.isComplete()) {
        fail(next, failures.notReplicated(null, node));
      } else if (writes(next) && missed) {
        fail(next, failures.notReplicated(load.replicas(), node));
      } else {
        requests.get(next.number).answer(reply);
      }
    }
    if (demoted) { // Whatever leads to a master by now, these connections do not.
      lines.renew(load.line());
      nodes.refresh();
    }
    return again;
  }
}
