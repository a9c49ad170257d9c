package io.nadb.internal.redis;

import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Has loads brought to a server and answered: by this thread, or by one that takes it along. */
final class Carrier {
  private Carrier() {}

  /**
   * Sends a load and waits for its answers.
   *
   * @param line a connection that was taken for it; it is given back
   * @throws JedisConnectionException if they have not all come
   */
  static void carry(Lines lines, Line line, Load load, Deadline deadline) {
    List<Load> loads = new ArrayList<>();
    loads.add(load);
    lines.takeAlong(load, loads);
    line.mindInterruptions(loads.size() == 1); // What interrupts this thread is not the others'.
    int answered = 0;
    try {
      send(line, loads, deadline);
      for (Load next : loads) {
        next.receive(deadline);
        answered++;
        if (next != load) {
          next.arrive();
        }
      }
    } catch (JedisConnectionException e) {
      if (!deadline.isOver() && !RedisFailures.isInterruption(e)) {
        lines.renew(line);
      }
      lose(loads, answered, e);
      if (answered == 0) {
        throw e;
      }
    } catch (RuntimeException | Error e) {
      lose(loads, answered, new JedisConnectionException(e));
      throw e;
    } finally {
      line.mindInterruptions(true);
      line.sendUntil(null);
      lines.giveBack(line, answered == loads.size());
    }
  }

  /** The first load is this thread's own. */
  private static void lose(List<Load> loads, int from, JedisConnectionException failure) {
    for (Load lost : loads.subList(Math.max(1, from), loads.size())) {
      lost.getLost(failure);
    }
  }

  private static void send(Line line, List<Load> loads, Deadline deadline) {
    long bytes = 0;
    for (Load next : loads) {
      bytes += next.bytes();
    }
    deadline.allowFor(bytes);
    line.sendUntil(deadline);
    for (Load next : loads) {
      next.write(line);
    }
    line.send();
  }
}
