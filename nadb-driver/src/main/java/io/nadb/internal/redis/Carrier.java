package io.nadb.internal.redis;

import io.nadb.TimeSource;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Has loads brought to a server and answered: by this thread, or by one that takes it along. */
final class Carrier {
  private final TimeSource time;

  Carrier(TimeSource time) {
    this.time = time;
  }

  /**
   * Sends a load and waits for its answers.
   *
   * @param line a connection that was taken for it; it is given back
   * @throws JedisConnectionException if they have not all come
   */
  void carry(Lines lines, Line line, Load load, Deadline deadline) {
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
      lines.giveBack(line, answered == loads.size());
    }
  }

  /** The first load is this thread's own. */
  private static void lose(List<Load> loads, int from, JedisConnectionException failure) {
    for (Load lost : loads.subList(Math.max(1, from), loads.size())) {
      lost.getLost(failure);
    }
  }

  private void send(Line line, List<Load> loads, Deadline deadline) {
    long bytes = 0;
    for (Load next : loads) {
      bytes += next.bytes();
    }
    deadline.allowFor(bytes);
    if (bytes <= Load.SENT_AT_ONCE) {
      write(line, loads);
    } else {
      Watch.over(time, deadline, line.plug()::pull, () -> write(line, loads));
    }
  }

  private static void write(Line line, List<Load> loads) {
    for (Load next : loads) {
      next.write(line);
    }
    line.send();
  }
}
